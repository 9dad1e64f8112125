import { randomUUID } from 'node:crypto';
import { storeContract } from '@freshet/cache-engine/testing';
import { changeStoreOn, entryStoreOn } from './index.js';
import { PrivateCluster } from './testing/private-cluster.js';

let cluster: PrivateCluster;
beforeAll(async () => {
  cluster = await PrivateCluster.start();
}, 60_000);
afterAll(() => cluster.stop());

storeContract('a cluster of three masters', async () => {
  const redis = await cluster.connect({ keyPrefix: `${randomUUID()}:` });
  return {
    entries: entryStoreOn(redis),
    changes: changeStoreOn(redis, { nonce: randomUUID }),
    others: changeStoreOn(redis, { nonce: randomUUID }),
    close: async () => redis.disconnect(),
  };
});
