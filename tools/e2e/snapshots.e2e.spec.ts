import { controlKeys } from '@freshet/cache-keys';
import { type Redis } from 'ioredis';
import { endOfLog, logFrom, type Logged } from './log-tail.js';
import { World } from './world.js';

jest.setTimeout(300_000);

const INVOICE_1 = '/api/invoices/1/';
const INVOICE_3 = '/api/invoices/3/';

/** An operator tells the connector to read a table again while the log goes on: the rows come as `op: r` amid the changes. */
describe('a snapshot by signal', () => {
  let world: World;
  let news: Redis;
  const watermarks: number[] = [];

  beforeAll(async () => {
    world = await World.begin();
    await world.writer.query(SIGNAL_TABLE);
    await world.stack.registerConnector({
      'signal.enabled.channels': 'source',
      'signal.data.collection': 'public.debezium_signal',
    });
    await world.applied();
    news = world.redis.duplicate();
    news.on('smessage', (_channel, message: string) => {
      const [kind, value] = message.split(' ');
      if (kind === 'watermark') watermarks.push(Number(value));
    });
    await news.ssubscribe(controlKeys.news);
  });
  afterAll(async () => {
    news?.disconnect();
    await world?.writer.query('DROP TABLE debezium_signal');
    await world?.stack.registerConnector();
    await world?.end();
  });

  /** Where the invalidator stands: read at once, so that what it tells from then on is of later records. */
  async function standing(): Promise<{ watermark: number; next: number; epochsRaised: number }> {
    const offset = `offset:${world.stack.topic}/0`;
    const [watermark, last] = await world.redis.hmget(controlKeys.control, 'watermark', offset);
    const metrics = await (await fetch(`${world.invalidator.url}/metrics`)).text();
    const [, raised] = /^epochs_raised_total\S* (\d+)$/m.exec(metrics) ?? [];
    return { watermark: Number(watermark), next: Number(last) + 1, epochsRaised: Number(raised) };
  }

  /** Both invoices are stored; a snapshot of their table is asked for and one of them changed. Resolves to what the log then has. */
  async function snapshotBesideChange(type: 'incremental' | 'blocking', amount: number): Promise<readonly Logged[]> {
    await world.warm(INVOICE_1);
    await world.warm(INVOICE_3);
    const from = await endOfLog(world.stack);
    const data = JSON.stringify({ 'data-collections': ['public.billing_invoice'], type });
    await world.writer.query("INSERT INTO debezium_signal VALUES (gen_random_uuid(), 'execute-snapshot', $1)", [data]);
    await world.writer.query('UPDATE billing_invoice SET total_amount = $1 WHERE id = 1', [amount]);
    const records = await logFrom(
      world.stack,
      from,
      (logged) => ids(logged, 'u').includes(1) && ids(logged, 'r').includes(3),
    );
    await world.applied();
    return records;
  }

  /** Each watermark that was told of is a commit's, a millisecond short; none is the moment at which a row was read. */
  async function expectWatermarksOfCommits({ watermark, next }: { watermark: number; next: number }): Promise<void> {
    const told = watermarks.splice(0).filter((ms) => ms > watermark);
    expect(told).not.toEqual([]);
    const records = await logFrom(world.stack, next, (logged) => ownCommits(logged).has(told.at(-1) ?? NaN));
    expect(told.filter((ms) => !ownCommits(records).has(ms))).toEqual([]);
  }

  it('an incremental one costs nothing: the other entry is still a hit, and the change is seen', async () => {
    const before = await standing();
    const records = await snapshotBesideChange('incremental', 6001);
    expect(readsOf(records)).toContain('incremental');
    expect((await world.get(INVOICE_3)).cache).toMatch(/^hit/);
    expect((await world.get(INVOICE_1)).body).toMatchObject({ total_amount: '6001.000' });
    expect((await standing()).epochsRaised).toBe(before.epochsRaised);
    await expectWatermarksOfCommits(before);
  });

  it('a blocking one looks like a connector that lost its place: it costs the epoch, once, and then entries are stored again', async () => {
    const before = await standing();
    const records = await snapshotBesideChange('blocking', 6002);
    expect(readsOf(records)).not.toContain('incremental');
    expect((await world.get(INVOICE_1)).body).toMatchObject({ total_amount: '6002.000' });
    expect((await standing()).epochsRaised).toBe(before.epochsRaised + 1);
    await world.warm(INVOICE_1);
    await world.warm(INVOICE_3);
    await expectWatermarksOfCommits(before);
  });
});

/** What the connector says of each row that it read: by which kind of snapshot. */
const readsOf = (logged: readonly Logged[]): string[] =>
  logged.filter(({ op }) => op === 'r').map(({ source }) => source.snapshot);

const ids = (logged: readonly Logged[], op: string): unknown[] =>
  logged.flatMap((record) =>
    record.op === op && record.source.table === 'billing_invoice' ? [record.after?.['id']] : [],
  );

const ownCommits = (logged: readonly Logged[]): ReadonlySet<number> =>
  new Set(logged.filter(({ op }) => op !== 'r').map(({ source }) => Math.floor(source.ts_us / 1000) - 1));

const SIGNAL_TABLE = `
CREATE TABLE debezium_signal (id text PRIMARY KEY, type text NOT NULL, data text);
ALTER TABLE debezium_signal REPLICA IDENTITY FULL;
ALTER PUBLICATION freshet ADD TABLE debezium_signal;
GRANT SELECT, INSERT ON debezium_signal TO cdc;`;
