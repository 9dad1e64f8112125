import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { quietKafka } from '../stack/kafka.js';
import { until } from '../stack/until.js';
import { World } from './world.js';

jest.setTimeout(300_000);

const INVOICE = '/api/invoices/1/';
const SOON = 60_000;
const run = promisify(execFile);

/** What breaks the log is done for real. Afterwards the entry from before is gone, although nothing in the log speaks of the change. */
describe('a log that is not continuous', () => {
  let world: World;
  let amount = 5000;

  beforeAll(async () => {
    // The freshness gate must not hide what the protocol lets through.
    world = await World.begin({ MAX_STALENESS: '10m' });
    world.writer.on('error', () => undefined);
  });
  afterAll(() => world?.end());

  const epoch = async (): Promise<number> => Number(await world.redis.hget('{freshet}control', 'epoch'));
  const update = async (): Promise<string> => {
    amount += 1;
    await world.writer.query('UPDATE billing_invoice SET total_amount = $1 WHERE id = 1', [amount]);
    return `${amount}.000`;
  };
  /** Why the whole cache was abandoned, oldest first. */
  const reasons = async (): Promise<string[]> => {
    const log = await readFile(join(world.stack.dir, `invalidator-${world.stack.ports.invalidator}.log`), 'utf8');
    return log
      .split('\n')
      .flatMap((line) => (line.includes('abandoned') ? [(JSON.parse(line) as { reason: string }).reason] : []));
  };
  /** Something is lost; then the whole cache is abandoned for that reason, and what is read is `fresh`. */
  async function expectNoticed(why: RegExp, lose: () => Promise<string>): Promise<void> {
    await world.warm(INVOICE);
    const known = await epoch();
    const told = (await reasons()).length;
    const fresh = await lose();
    await until('the epoch to rise', SOON, async () => (await epoch()) > known);
    // Every process with copies of its own hears of it a moment later.
    await until('what is read to be fresh', SOON, async () => {
      return ((await world.get(INVOICE)).body as { total_amount: string }).total_amount === fresh;
    });
    expect((await reasons()).slice(told).join('; ')).toMatch(why);
    expect((await world.warm(INVOICE)).body).toMatchObject({ total_amount: fresh });
  }
  const kafka = () => quietKafka(world.stack.kafkaBroker);
  const end = async (): Promise<number> => {
    const admin = kafka().admin();
    await admin.connect();
    const [partition] = await admin.fetchTopicOffsets(world.stack.topic).finally(() => admin.disconnect());
    return Number(partition?.high ?? 0);
  };
  /** Resolves when what was committed before the call is in the topic. */
  const logged = async (): Promise<void> => {
    const before = await end();
    await until('two heartbeats', SOON, async () => (await end()) >= before + 2);
  };
  const connector = (wish: 'stop' | 'resume') =>
    fetch(`${world.stack.connectUrl}/connectors/freshet/${wish}`, { method: 'PUT' });
  const stopConnector = async (): Promise<void> => {
    await connector('stop');
    await until('the slot to be free', SOON, async () => {
      const { rows } = await world.writer.query<{ active: boolean }>('SELECT active FROM pg_replication_slots');
      return rows.every(({ active }) => !active);
    });
  };

  it('R6: a record that cannot be read', async () => {
    await expectNoticed(/unreadable record/, async () => {
      const producer = kafka().producer();
      await producer.connect();
      await producer.send({ topic: world.stack.topic, messages: [{ value: '{"op":"u","before":' }] });
      await producer.disconnect();
      const { body } = await world.get(INVOICE, { 'cache-control': 'no-cache' });
      return (body as { total_amount: string }).total_amount;
    });
  });

  it('R6: a slot that was dropped while the connector was away', () =>
    expectNoticed(/reads the tables anew/, async () => {
      await stopConnector();
      await world.writer.query("SELECT pg_drop_replication_slot('freshet')");
      const fresh = await update();
      await connector('resume');
      return fresh;
    }));

  it('R6: a table that was out of the publication for a while', () =>
    expectNoticed(/ALTER PUBLICATION/, async () => {
      await world.writer.query('ALTER PUBLICATION freshet DROP TABLE billing_invoice');
      const fresh = await update();
      await world.writer.query('ALTER PUBLICATION freshet ADD TABLE billing_invoice');
      await world.applied();
      return fresh;
    }));

  it('R6: records that were removed before they were read', () =>
    expectNoticed(/retention passed them unread/, async () => {
      await world.invalidator.stop();
      const fresh = await update();
      await logged();
      const admin = kafka().admin();
      await admin.connect();
      await admin.fetchTopicOffsets(world.stack.topic); // the client learns where the topic is
      await admin.deleteTopicRecords({ topic: world.stack.topic, partitions: [{ partition: 0, offset: '-1' }] });
      await admin.disconnect();
      await world.invalidator.start();
      return fresh;
    }));

  it('R6: a topic that was recreated', () =>
    expectNoticed(/recreated or cut|heartbeat is missing/, async () => {
      await world.invalidator.stop();
      const fresh = await update();
      await logged();
      await stopConnector();
      const admin = kafka().admin();
      await admin.connect();
      await admin.deleteTopics({ topics: [world.stack.topic] });
      await admin.disconnect();
      await connector('resume');
      await world.stack.changesFlow();
      await world.invalidator.start();
      return fresh;
    }));

  it('R6: a database that was set back to a copy of its files', async () => {
    const { rows } = await world.writer.query<{ data_directory: string }>('SHOW data_directory');
    const files = rows[0]?.data_directory ?? '';
    const { stack } = world;
    await stack.stopPart('postgres');
    await run('cp', ['-a', files, `${files}.copy`]);
    await stack.start('postgres');
    await stack.registerConnector();
    const writer = new Client({ connectionString: stack.ownerUrl });
    await writer.connect();
    writer.on('error', () => undefined);
    const old = ((await world.get(INVOICE, { 'cache-control': 'no-cache' })).body as { total_amount: string })
      .total_amount;
    await writer.query('UPDATE billing_invoice SET total_amount = 7777 WHERE id = 1');
    await until('the later amount', SOON, async () => {
      const { body } = await world.warm(INVOICE);
      return (body as { total_amount: string }).total_amount === '7777.000';
    });
    await expectNoticed(/set back to an earlier time/, async () => {
      await stack.stopPart('postgres');
      await run('rm', ['-r', files]);
      await run('mv', [`${files}.copy`, files]);
      await stack.start('postgres');
      const owner = new Client({ connectionString: stack.ownerUrl });
      await owner.connect();
      // The connector asks for what comes after its own place, and hears nothing before the log is as long as it was.
      for (let i = 0; i < 3; i++)
        await owner.query("SELECT pg_switch_wal(), pg_logical_emit_message(true, 'passing', 'time')");
      await owner.end();
      await stack.registerConnector();
      return old;
    });
  });
});
