export { PrivateCluster } from './private-cluster.js';
export { PrivateSentinels } from './private-sentinels.js';
