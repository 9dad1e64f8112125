import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { quietKafka } from './kafka.js';
import { PART_NAMES } from './part.js';
import { stackStatus, startStack, stopStack, type Stack } from './stack.js';
import { until } from './until.js';

const MINUTES = 60_000;
const place = { dir: join(tmpdir(), `freshet-stack-${process.pid}`), portsFrom: 17_432 };

interface Event {
  readonly op: string;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly source: { readonly table: string };
  readonly message?: { readonly prefix: string; readonly content: string };
}

let stack: Stack;

beforeAll(async () => {
  stack = await startStack(place);
}, 5 * MINUTES);

afterAll(async () => {
  await stopStack(place.dir);
  await rm(place.dir, { recursive: true });
}, MINUTES);

async function change(...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: stack.ownerUrl });
  await client.connect();
  for (const sql of statements) await client.query(sql);
  await client.end();
}

/** The events from the start of the topic, without heartbeats, up to the first that `last` accepts. */
async function eventsUpTo(last: (event: Event) => boolean): Promise<Event[]> {
  const consumer = quietKafka(stack.kafkaBroker).consumer({ groupId: randomUUID(), retry: { retries: 5 } });
  const events: Event[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic: stack.topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ message }) => void events.push(JSON.parse(String(message.value)) as Event),
  });
  try {
    await until('the event', MINUTES, async () => events.some(last));
  } finally {
    await consumer.disconnect();
  }
  return events.filter(({ source }) => source.table !== 'freshet_heartbeat');
}

const insertGroup = (name: string) => `INSERT INTO auth_group (name) VALUES ('${name}')`;
const named = (name: string) => (event: Event) => event.after?.['name'] === name;
const announced = ({ message }: Event) =>
  JSON.parse(Buffer.from(message?.content ?? '', 'base64').toString()) as { command: string; tables: unknown[] };

test(
  'a second start starts nothing, and the connector goes on',
  async () => {
    const before = PART_NAMES.map((name) => stack.pid(name));
    const again = await startStack(place);
    expect(PART_NAMES.map((name) => again.pid(name))).toEqual(before);
    expect(before.every((pid) => pid !== undefined)).toBe(true);
  },
  1 * MINUTES,
);

test('inserts, truncates and schema changes arrive in the order in which they were committed', async () => {
  await change(
    insertGroup('first'),
    'ALTER TABLE billing_product ADD COLUMN colour text',
    'CREATE TEMP TABLE scratch (a int)',
    "COMMENT ON TABLE billing_product IS 'wares'",
    'CREATE INDEX ON billing_product (colour)',
    'DROP TABLE scratch',
    'CREATE FUNCTION nothing() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    'TRUNCATE billing_userpreference',
    'ALTER TABLE billing_product DROP COLUMN colour',
    'DROP FUNCTION nothing()',
    'CREATE TABLE passing (a int)',
    'DROP TABLE passing',
    insertGroup('last'),
  );
  const events = await eventsUpTo(named('last'));
  const product = [{ schema: 'public', table: 'billing_product' }];
  const passing = [{ schema: 'public', table: 'passing' }];
  const told = events.map((event) => (event.op === 'm' ? announced(event) : `${event.op} ${event.source.table}`));
  expect(told).toEqual([
    'c auth_group',
    { command: 'ALTER TABLE', tables: product },
    { command: 'CREATE FUNCTION', tables: [] },
    't billing_userpreference',
    // once for the column that went, once for the table that changed
    { command: 'ALTER TABLE', tables: product },
    { command: 'ALTER TABLE', tables: product },
    { command: 'DROP FUNCTION', tables: [] },
    { command: 'CREATE TABLE', tables: passing },
    { command: 'DROP TABLE', tables: passing },
    'c auth_group',
  ]);
});

test('applying the SQL again announces no schema change', async () => {
  await stack.applySql();
  await change(insertGroup('after the scripts'));
  const events = await eventsUpTo(named('after the scripts'));
  expect(events.slice(events.findIndex(named('last')) + 1).map(({ op }) => op)).toEqual(['c']);
});

test('the whole old row comes along, the password hash never does', async () => {
  await change(
    `INSERT INTO auth_user (password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)
     VALUES ('a hash', false, 'kiran', 'Kiran', 'Shah', '', false, true, now())`,
    "UPDATE auth_user SET password = 'another hash' WHERE username = 'kiran'",
    insertGroup('after kiran'),
  );
  const events = await eventsUpTo(named('after kiran'));
  const update = events.find(({ op, source }) => op === 'u' && source.table === 'auth_user');
  expect(update?.before).toMatchObject({ username: 'kiran', is_active: true });
  expect(events.filter((event) => JSON.stringify(event).includes('hash'))).toEqual([]);
});

test.each([...PART_NAMES])(
  'changes flow again after %s was killed and started',
  async (part) => {
    const before = stack.pid(part);
    await stack.kill(part);
    expect(stack.pid(part)).toBeUndefined();
    await stack.start(part);
    expect(stack.pid(part)).not.toBe(before);
    await stack.registerConnector();
    await stack.changesFlow();
  },
  3 * MINUTES,
);

test('a paused part answers nothing until it goes on', async () => {
  const answers = () => fetch(`${stack.connectUrl}/connectors`, { signal: AbortSignal.timeout(500) });
  stack.pause('connect');
  await expect(answers()).rejects.toThrow('timeout');
  stack.resume('connect');
  await until('Connect to answer', MINUTES, async () => (await answers()).ok);
});

test('a folder whose stack runs cannot be given other ports', async () => {
  await expect(startStack({ ...place, portsFrom: 18_432 })).rejects.toThrow('runs on the ports from 17432');
});

test('a port that somebody else has is named before anything is started', async () => {
  const stranger = createServer().listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  const { port } = stranger.address() as AddressInfo;
  const elsewhere = { dir: `${place.dir}-elsewhere`, portsFrom: port };
  const answer = await startStack(elsewhere).catch((error: unknown) => String(error));
  stranger.close();
  expect(answer).toContain(`port ${port} for postgres is taken`);
  expect(stackStatus(elsewhere.dir)).toEqual({});
  await rm(elsewhere.dir, { recursive: true });
});

test(
  'a stop ends every process, keeps the data, and the next start finds it',
  async () => {
    await change(insertGroup('kept'));
    await stack.stop();
    expect(PART_NAMES.map((name) => stack.pid(name))).toEqual([undefined, undefined, undefined, undefined]);
    stack = await startStack(place);
    await change(insertGroup('new'));
    const names = (await eventsUpTo(named('new'))).map(({ after }) => after?.['name']);
    expect(names.slice(-2)).toEqual(['kept', 'new']);
    expect(existsSync(join(place.dir, 'log/kafka.log'))).toBe(true);
  },
  2 * MINUTES,
);
