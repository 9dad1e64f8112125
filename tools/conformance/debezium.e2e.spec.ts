import { loadParser } from '@freshet/footprint';
import { Client } from 'pg';
import { placeFrom } from '../stack/place.js';
import { startStack, type Stack } from '../stack/stack.js';
import { loadGroups, loadSchemas, type Line } from './case.js';
import { DebeziumFeed } from './debezium-feed.js';
import { runCase } from './run-case.js';
import { score } from './score.js';
import { Session } from './session.js';

const HERE = 'tools/conformance';
const MINUTE = 60_000;
/** Values of every type, what is left of a row without REPLICA IDENTITY FULL and beside TOAST, keys that change, partitions, TRUNCATE. */
const groups = [...loadGroups(HERE), ...loadGroups(`${HERE}/edges`)];
const MORE = ['edge.parts', 'edge.identities', 'write.truncate', 'write.many.one-row', 'write.cancel.delete-reinsert'];
const cases = groups.flatMap(({ name, cases: own }) =>
  own.filter(({ id }) => name === 'types' || name === 'identity' || MORE.includes(id)),
);
/** Where Debezium tells less than the log does: what is not told may matter, so more is deleted. */
const COARSER = {
  'types.time.date-vs-timestamp': 'an infinite date is written as a day in the far future',
  'types.time.interval': 'an interval is written as a number of microseconds, its months being an average',
  'types.composite.column': 'a column of a composite type is left out',
  'edge.parts': 'a key that changes is written as a row that goes and one that comes',
};
const name = `conf_${process.pid}`;

let stack: Stack;
let session: Session;
let feed: DebeziumFeed;

async function asOwner(sql: string): Promise<void> {
  const client = new Client({ connectionString: stack.ownerUrl });
  await client.connect();
  await client.query(sql);
  await client.end();
}

beforeAll(async () => {
  await loadParser();
  const place = placeFrom({ FRESHET_STACK_DIR: '.stack-e2e', FRESHET_STACK_PORTS_FROM: '22432', ...process.env });
  stack = await startStack(place);
  await asOwner(`CREATE DATABASE ${name}`);
  session = await Session.open(stack.ownerUrl.replace(/[^/]*$/, name));
  feed = await DebeziumFeed.open(stack, session, name);
}, 5 * MINUTE);

afterAll(async () => {
  await feed?.close();
  await session?.close();
  await asOwner(`DROP DATABASE ${name} WITH (FORCE)`);
}, 2 * MINUTE);

test(
  'through Debezium the cases are decided as through the slot itself',
  async () => {
    const lines: { fromSlot: Line[]; fromDebezium: Line[] } = { fromSlot: [], fromDebezium: [] };
    const schemas = loadSchemas([HERE]);
    for (const c of cases) {
      lines.fromDebezium.push(...(await runCase(session, c, schemas, { log: () => feed.news() })).flat());
      lines.fromSlot.push(...(await runCase(session, c, schemas)).flat());
      await feed.news();
    }
    const { misses, accepted } = score(cases, lines.fromDebezium);
    expect({ misses, accepted }).toEqual({ misses: [], accepted: [] });
    const differs = lines.fromDebezium.filter((line, i) => JSON.stringify(line) !== JSON.stringify(lines.fromSlot[i]));
    expect([...new Set(differs.map(({ id }) => id))]).toEqual(Object.keys(COARSER));
  },
  10 * MINUTE,
);
