export { PrivateCluster } from './private-cluster.js';
