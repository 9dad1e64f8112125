import { randomUUID } from 'node:crypto';
import { type Fill, type FillOutcome } from '@freshet/cache-engine';
import { catalog, requestOf, SmallDatabase, SmallEngine } from '@freshet/cache-engine/testing';
import { loadParser } from '@freshet/footprint';
import { RedisChangeStore, RedisEntryStore } from './index.js';
import { PrivateRedis } from './testing/private-redis.js';

const hundred = { xid: 100, table: 'item' };
const item = requestOf('item', ['item'], { ttlSeconds: 60 });

class Watched extends RedisEntryStore {
  onFill: (outcome: FillOutcome) => void = () => undefined;

  override async fill(fill: Fill): Promise<FillOutcome> {
    const outcome = await super.fill(fill);
    this.onFill(outcome);
    return outcome;
  }
}

describe('an entry on a real server that is read shortly before its end', () => {
  let server: PrivateRedis;
  beforeAll(async () => {
    await loadParser();
    server = await PrivateRedis.start();
  });
  afterAll(() => server.stop());

  it('is answered as it is, and loaded anew beside that', async () => {
    const redis = await server.connect();
    const store = new Watched(redis);
    await new RedisChangeStore(redis, { nonce: randomUUID }).open();
    const engine = new SmallEngine(new SmallDatabase([hundred]));
    engine.statements.load(catalog, (await store.position()).schemaVersion);
    const everyday = { maxStalenessMs: Infinity, leaseMs: 60_000 };
    const reader = engine.reader({ ...everyday, earlyRefresh: 1 }, { store });
    const readBy = async (by = reader): Promise<string> => {
      const { outcome, body } = await by.read(item);
      return `${outcome} ${body.toString()}`;
    };

    expect(await readBy()).toBe('miss ');
    await engine.database.commit(hundred, async (_, work) => work());
    engine.nowMs = 59_999;
    const again = new Promise<FillOutcome>((resolve) => (store.onFill = resolve));
    expect(await readBy()).toBe('hit ');
    expect(await again).toBe('stored');
    expect(await readBy(engine.reader(everyday, { store }))).toBe('hit 100');
    redis.disconnect();
  });
});
