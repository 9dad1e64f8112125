import { controlKeys } from '@freshet/cache-keys';
import { PrivateCluster, PrivateSentinels } from '@freshet/redis-store/testing';
import { Redis } from 'ioredis';
import { type OtherStore, World } from './world.js';

jest.setTimeout(300_000);

const INVOICE = '/api/invoices/1/';
const LIST = '/api/invoices/?business_id=1';
const BUSINESS_2 = '/api/businesses/2/';

interface Site extends OtherStore {
  stop(): Promise<void>;
}

const SITES: Record<string, () => Promise<Site>> = {
  'a cluster of three masters': async () => {
    const cluster = await PrivateCluster.start();
    const ports = cluster.servers.map(({ port }) => port);
    const env = { REDIS_CLUSTER_NODES: ports.map((port) => `127.0.0.1:${port}`).join(',') };
    const candidates = ports.map((port) => new Redis({ host: '127.0.0.1', port }));
    const owns = await Promise.all(candidates.map((redis) => redis.exists(controlKeys.control).then(() => true, () => false))); // prettier-ignore
    candidates.filter((_, i) => !owns[i]).forEach((redis) => redis.disconnect());
    const redis = candidates.find((_, i) => owns[i]) as Redis;
    return { env, redis, stop: () => cluster.stop() };
  },
  'a master behind Sentinels': async () => {
    const all = await PrivateSentinels.start();
    const { master, sentinels } = all.access.topology;
    const env = {
      REDIS_SENTINELS: sentinels.map(({ host, port }) => `${host}:${port}`).join(','),
      REDIS_SENTINEL_MASTER: master,
    };
    return { env, redis: new Redis({ host: '127.0.0.1', port: all.master.port, db: 1 }), stop: () => all.stop() };
  },
};

describe.each(Object.entries(SITES))('both services on %s', (_name, begin) => {
  let site: Site;
  let world: World;

  beforeAll(async () => {
    site = await begin();
    world = await World.begin({}, site);
  });
  afterAll(async () => {
    await world?.end();
    await site?.stop();
  });

  it('serve from the store, delete what a change touches, and leave the rest', async () => {
    for (const path of [INVOICE, LIST, BUSINESS_2]) await world.warm(path);
    await world.change('UPDATE billing_invoice SET total_amount = 7001 WHERE id = 1');
    for (const path of [INVOICE, LIST]) expect((await world.get(path)).cache).toBe('fwd=miss; stored');
    expect((await world.warm(INVOICE)).body).toMatchObject({ total_amount: '7001.000' });
    expect((await world.get(BUSINESS_2)).cache).toMatch(/^hit/);
  });

  it('lose nothing when the invalidator is killed and comes back', async () => {
    await world.warm(INVOICE);
    await world.invalidator.stop('SIGKILL');
    await world.writer.query('UPDATE billing_invoice SET total_amount = 7002 WHERE id = 1');
    await world.invalidator.start();
    await world.applied();
    expect((await world.get(INVOICE)).body).toMatchObject({ total_amount: '7002.000' });
  });
});
