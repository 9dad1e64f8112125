import { PrivateCluster } from '@freshet/redis-store/testing';
import { withStore } from '../sites.js';
import { takeCensus } from './census.js';

jest.setTimeout(60_000);

describe('a cluster, to the command line', () => {
  let cluster: PrivateCluster;
  beforeAll(async () => {
    cluster = await PrivateCluster.start();
  });
  afterAll(() => cluster?.stop());

  const nodes = (): NodeJS.ProcessEnv => ({
    REDIS_CLUSTER_NODES: cluster.servers.map(({ port }) => `127.0.0.1:${port}`).join(),
  });

  test('is open when each of its nodes can be asked', async () => {
    const keys = Array.from({ length: 50 }, (_, id) => `e:book.get@v1:id=${id}`);
    expect(await withStore(nodes(), (redis) => Promise.all(keys.map((key) => redis.exists(key))))).toHaveLength(50);
  });

  test('is counted, whichever nodes its keys lie on', async () => {
    const redis = await cluster.connect();
    for (let id = 0; id < 50; id++) {
      await redis.set(`e:book.get@v1:id=${id}`, '');
      await redis.zadd(`t:book:id=${id}`, 1, 'a', 2, 'b');
    }
    const census = await withStore(nodes(), takeCensus);
    expect(census).toMatchObject({ entriesByView: new Map([['book.get', 50]]), tagSets: 50, listings: 100 });
  });
});
