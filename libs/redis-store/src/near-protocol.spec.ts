import {
  type Exploration,
  explore,
  knownStatements,
  type Parts,
  ProtocolWorld,
  requestOf,
  type Scenario,
} from '@freshet/cache-engine/testing';
import { loadParser } from '@freshet/footprint';
import { brokenNear, nearParts } from './testing/broken-near.js';

/** Ticks come when no promise is left that could go on. */
const settle = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** As in the engine's `protocol.spec.ts`. */
const long = process.env['FRESHET_EXPLORE'] === 'long';
const mostStates = long ? 10_000_000 : 100_000;

const one = [{ xid: 100, table: 'item' }];
const item = requestOf('item', ['item']);
const past = requestOf('item', ['item'], { fresh: true });
const named = requestOf('item', ['item'], { token: 100n });
type Sketch = Omit<Scenario, 'statements'>;

/** One process that listens, and a caller who reads twice what is stored. */
const copy: Sketch = { transactions: one, processes: [[[item, item]]], listeners: 1, warm: true };
/** Beside it another process, which loads the entry anew where it can. */
const beside: Sketch = { ...copy, processes: [[[item, item]], [[item]]] };

/** Or beside itself: who has loaded it once knows how long that takes, and when it is time. */
const anew: Sketch = { ...beside, processes: [[[item, item]], [[past, item]]], early: true };

const scenarios: Record<string, Sketch> = {
  'a copy': copy,
  'a channel that breaks': { ...copy, breaks: 1 },
  'an invalidator that crashes': { ...copy, crashes: 1 },
  'a table that nobody knows': { ...copy, transactions: [{ xid: 100, table: 'newcomer' }] },
  'a caller who names a transaction': { ...copy, processes: [[[item, named]]] },
};

/** Too large for every day. */
const longScenarios: typeof scenarios = {
  'two callers of one process': { ...copy, processes: [[[item], [item]]] },
  'an entry that vanishes and is loaded elsewhere': { ...beside, vanishings: 1 },
  'an entry that is loaded anew beside itself': anew,
};

const undoings: Record<keyof typeof brokenNear, Sketch> = {
  'no placeholder': copy,
  'kept when the channel breaks': { ...copy, breaks: 1 },
  'lookups kept when the channel breaks': { ...copy, breaks: 1 },
  'channel relied on too soon': { ...copy, breaks: 1 },
  'a channel for deletes and one for watermarks': { ...copy, torn: true },
  'epochs ignored': { ...copy, transactions: [{ xid: 100, table: 'newcomer' }] },
  'token ignored': { ...copy, processes: [[[item, named]]] },
  'told before it is deleted': copy,
  'lease untold': { ...beside, vanishings: 1 },
  'renewal untold': anew,
};

describe('copies in a process, in every order in which news and answers can come', () => {
  let statements: Scenario['statements'];
  beforeAll(async () => {
    await loadParser();
    statements = knownStatements();
  });

  const run = (sketch: Sketch, parts: Parts): Promise<Exploration> =>
    explore(new ProtocolWorld({ ...sketch, statements }, settle, parts), mostStates);

  const told: string[] = [];
  afterAll(() => {
    if (long) process.stdout.write(`${told.join('\n')}\n`);
  });

  it.each(Object.entries(long ? { ...scenarios, ...longScenarios } : scenarios))(
    'are never older than what was heard: %s',
    async (name, sketch) => {
      const before = process.cpuUsage();
      const { violation, states } = await run(sketch, nearParts);
      const { user, system } = process.cpuUsage(before);
      told.push(`${name}: ${states} states, ${((user + system) / 1e6).toFixed(1)} s`);
      expect(violation).toBeUndefined();
      expect(states).toBeGreaterThan(100);
    },
    long ? 3_600_000 : 120_000,
  );

  it.each(Object.entries(undoings))(
    'need the rule: %s',
    async (rule, sketch) => {
      const { violation } = await run(sketch, brokenNear[rule as keyof typeof brokenNear]);
      told.push(`${rule}: ${violation?.what ?? 'nothing'}\n  ${violation?.history.join(' → ') ?? ''}`);
      expect(violation?.what).toMatch(/was answered with/);
    },
    120_000,
  );
});
