import { loadParser } from '@freshet/footprint';
import { type Exploration, explore } from './testing/explore.js';
import { ProtocolWorld } from './testing/protocol-world.js';
import { type Parts, type Scenario } from './testing/scenario.js';
import { brokenParts } from './testing/broken-rules.js';
import { brokenServers, manyServers } from './testing/many-servers.js';
import { knownStatements, requestOf } from './testing/small-world.js';

/** Ticks come when no promise is left that could go on. */
const settle = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** `FRESHET_EXPLORE=long` explores the large scenarios too, and says how large they are. */
const long = process.env['FRESHET_EXPLORE'] === 'long';
const mostStates = long ? 10_000_000 : 100_000;

const one = [{ xid: 100, table: 'item' }];
const two = [...one, { xid: 101, table: 'item' }];
const closed = [{ xid: 100, table: 'item', closed: true }];
const item = requestOf('item', ['item']);
const other = requestOf('other', ['item']);
const part = requestOf('part', ['part']);
const both = requestOf('both', ['item', 'part']);
const named = requestOf('item', ['item'], { token: 100n });
const slices = [{ xid: 100, table: 'part', second: 'item', closed: true }];
const together = [{ xid: 100, table: 'item', also: 'part' }];
type Sketch = Omit<Scenario, 'statements'>;

function cpuSeconds(since: NodeJS.CpuUsage): string {
  const { user, system } = process.cpuUsage(since);
  return ((user + system) / 1e6).toFixed(1);
}

/** Small enough for every day. */
const scenarios: Record<string, Sketch> = {
  'a store that loses everything': { transactions: one, processes: [[[item]]], losses: 1 },
  'two processes': { transactions: one, processes: [[[item]], [[item]]] },
  'an invalidator that crashes': { transactions: one, processes: [[[item]]], crashes: 2 },
  'an invalidator that is replaced while it still runs': { transactions: one, processes: [[[item]]], takeovers: 1 },
  'leases and entries that vanish': { transactions: one, processes: [[[item, item]]], vanishings: 2 },
  'two transactions': { transactions: two, processes: [[[item]]], vanishings: 1 },
  'callers of one process': { transactions: one, processes: [[[item], [item]]] },
  'an entry that is loaded anew before its end': { transactions: one, processes: [[[item, item]]], early: true },
  'a fence that forgets': { transactions: one, processes: [[[item]], [[other]]], enough: 0 },
  'several statements': { transactions: [{ xid: 100, table: 'part' }], processes: [[[both, both]]], vanishings: 1 },
  'tables nobody has read before': { transactions: one, processes: [[[item]]], newcomers: true, vanishings: 1 },
  'answers that come too late': { transactions: one, processes: [[[item]]], timeouts: 1 },
  'a table that nobody knows': { transactions: [{ xid: 100, table: 'newcomer' }], processes: [[[item, item]]] },
  'a caller who names a transaction': { transactions: closed, processes: [[[item, named]]] },
  'a transaction in two slices': { transactions: slices, processes: [[[item, named]]] },
  'a store that is set back': { transactions: one, processes: [[[item]]], setbacks: 1 },
  'two tables in a slice': { transactions: together, processes: [[[item]], [[part]]] },
  'two tables in a slice, both read': { transactions: together, processes: [[[both, both]]] },
  'two transactions, two reads': { transactions: two, processes: [[[item, item]]] },
  'crash, two reads': { transactions: one, processes: [[[item, item]]], crashes: 1 },
  'loaded anew, two transactions': { transactions: two, processes: [[[item, item]]], early: true },
  'loaded anew, crash': { transactions: one, processes: [[[item, item]]], crashes: 1, early: true },
  'loaded anew, two processes': { transactions: one, processes: [[[item, item]], [[item]]], early: true },
};

/** A minute or two each. */
const longScenarios: Record<string, Sketch> = {
  'two slices, another invalidator': { transactions: slices, processes: [[[item, named]]], takeovers: 1 },
  'crash, vanishing and forgetting': {
    transactions: one,
    processes: [[[item]], [[other]]],
    crashes: 1,
    vanishings: 1,
    enough: 0,
  },
  'a loss and a crash': { transactions: two, processes: [[[item]]], losses: 1, crashes: 1 },
  'a store that is set back between two transactions': { transactions: two, processes: [[[item]]], setbacks: 1 },
  'a loss between two transactions': { transactions: two, processes: [[[item]]], losses: 1 },
  'late answers, two reads': { transactions: one, processes: [[[item, item]]], timeouts: 1 },
  'two processes, two transactions': { transactions: two, processes: [[[item]], [[item]]] },
  'two processes, crash and vanishing': {
    transactions: one,
    processes: [[[item]], [[item]]],
    crashes: 1,
    vanishings: 1,
  },
  'two transactions, crash and vanishing': { transactions: two, processes: [[[item]]], crashes: 1, vanishings: 2 },
  'two transactions, forgetting': { transactions: two, processes: [[[item]], [[other]]], enough: 0, vanishings: 1 },
  'callers of two processes': { transactions: one, processes: [[[item], [item]], [[item]]] },
  'both tables change': {
    transactions: [...one, { xid: 101, table: 'part' }],
    processes: [[[both]], [[both]]],
  },
  'late answers and crashes': { transactions: one, processes: [[[item]], [[item]]], crashes: 1, timeouts: 1 },
};

/** Without the rule, this little is enough to go wrong. */
const undoings: Record<keyof typeof brokenParts, Sketch> = {
  'no check': { transactions: one, processes: [[[item]]] },
  'no fence': { transactions: one, processes: [[[item]]] },
  'no floor': { transactions: one, processes: [[[item]], [[other]]], enough: 0 },
  'registration late': { transactions: one, processes: [[[item]]] },
  'first position used': { transactions: [{ xid: 100, table: 'part' }], processes: [[[both]]] },
  'nothing listed ahead': { transactions: [{ xid: 100, table: 'part' }], processes: [[[both, both]]], vanishings: 1 },
  'fill without lease': { transactions: one, processes: [[[item]]] },
  'leases kept': { transactions: one, processes: [[[item]]] },
  'removals not waited for': { transactions: one, processes: [[[item]]] },
  'blind removal': { transactions: two, processes: [[[item, item]]] },
  'equal scores': { transactions: two, processes: [[[item, item]]] },
  'publish before delete': { transactions: one, processes: [[[item]]] },
  'epoch not compared': { transactions: [{ xid: 100, table: 'newcomer' }], processes: [[[item, item]]] },
  'entry read first': { transactions: closed, processes: [[[item, named]]] },
  'complete with its first row': { transactions: slices, processes: [[[item, named]]] },
  'fenced once': { transactions: one, processes: [[[item]]], losses: 1 },
  'fills not on hold after a loss': { transactions: two, processes: [[[item]]], losses: 1 },
  'joined without looking again': { transactions: one, processes: [[[item], [item]]] },
};

/** The same on many servers, where steps come apart that one server carries out together. */
const overMany: Record<string, Sketch> = {
  ...(long ? { 'two processes': { transactions: one, processes: [[[item]], [[item]]] } } : {}),
  'an invalidator that crashes': { transactions: one, processes: [[[item]]], crashes: 1 },
  'two transactions': { transactions: two, processes: [[[item]]], vanishings: 1 },
  'several statements': { transactions: [{ xid: 100, table: 'part' }], processes: [[[both, both]]] },
  'a fence that forgets': { transactions: one, processes: [[[item]], [[other]]], enough: 0 },
  'an entry that is loaded anew before its end': { transactions: one, processes: [[[item, item]]], early: true },
  'a table that nobody knows': { transactions: [{ xid: 100, table: 'newcomer' }], processes: [[[item, item]]] },
  'tables nobody has read before': { transactions: one, processes: [[[item]]], newcomers: true },
  'answers that come too late': { transactions: one, processes: [[[item]]], timeouts: 1 },
};

const overManyUndone: Record<keyof typeof brokenServers, Sketch> = {
  'position not last': { transactions: one, processes: [[[item]]] },
  'lease not first': { transactions: two, processes: [[[item]]] },
  'put without lease': { transactions: one, processes: [[[item]]] },
};

describe('the protocol, in every order in which its steps can come', () => {
  let statements: Scenario['statements'];
  beforeAll(async () => {
    await loadParser();
    statements = knownStatements();
  });

  const run = (sketch: Sketch, parts?: Parts): Promise<Exploration> =>
    explore(new ProtocolWorld({ ...sketch, statements }, settle, parts), mostStates);

  const told: string[] = [];
  afterAll(() => {
    if (long) process.stdout.write(`${told.join('\n')}\n`);
  });

  const everyScenario = Object.entries(long ? { ...scenarios, ...longScenarios } : scenarios);
  it.each(everyScenario)(
    'never answers from the store without what is applied: %s',
    async (name, sketch) => {
      const before = process.cpuUsage();
      const { violation, states } = await run(sketch);
      told.push(`${name}: ${states} states, ${cpuSeconds(before)} s`);
      expect(violation).toBeUndefined();
      expect(states).toBeGreaterThan(100);
    },
    long ? 36_000_000 : 120_000,
  );

  it.each(Object.entries(overMany))(
    'nor on many servers: %s',
    async (name, sketch) => {
      const { violation, states } = await run(sketch, manyServers);
      told.push(`many servers, ${name}: ${states} states`);
      expect(violation).toBeUndefined();
      expect(states).toBeGreaterThan(100);
    },
    120_000,
  );

  it.each(Object.entries(overManyUndone))(
    'needs the rule on many servers: %s',
    async (rule, sketch) => {
      const { violation } = await run(sketch, brokenServers[rule as keyof typeof brokenServers]);
      told.push(`${rule}: ${violation?.what ?? 'nothing'}\n  ${violation?.history.join(' → ') ?? ''}`);
      expect(violation?.what).toMatch(/without transaction/);
    },
    120_000,
  );

  it.each(Object.entries(undoings))(
    'needs the rule: %s',
    async (rule, sketch) => {
      const { violation } = await run(sketch, brokenParts[rule as keyof typeof brokenParts]);
      told.push(`${rule}: ${violation?.what ?? 'nothing'}\n  ${violation?.history.join(' → ') ?? ''}`);
      expect(violation?.what).toMatch(/without transaction|was answered with/);
    },
    120_000,
  );
});
