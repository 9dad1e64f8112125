import { cacheKey, type CacheKey, tableName } from '@freshet/cache-keys';
import { type Catalog, type TableFacts } from '@freshet/footprint';
import { type Change, type RowChange } from '@freshet/row-change';
import { type Loaded } from '../answer.js';
import { type ReadRequest } from '../reader.js';
import { type Query, type Source, type Statement } from '../source.js';
import { StatementRegistry } from '../statement-registry.js';
import { type Pace } from './memory-store.js';

/** A table of two columns under its full before images. */
export function factsOf(table: string): TableFacts {
  const column = (name: string, type: string, notNull: boolean): TableFacts['columns'][number] => ({
    name,
    type,
    typmod: -1,
    notNull,
    collation: 'deterministic',
    generated: null,
  });
  const name = tableName('public', table);
  return {
    schema: 'public',
    table,
    name,
    kind: 'table',
    persistence: 'permanent',
    columns: [column('id', 'int8', true), column('seen', 'text', false)],
    primaryKey: ['id'],
    identity: 'full',
    identityColumns: ['id', 'seen'],
    root: name,
    members: [name],
    manyParents: false,
    rowSecurity: false,
    published: true,
    publishedInPart: false,
    definition: null,
  };
}

const TABLES = ['item', 'part'].map(factsOf);

export const catalog: Catalog = {
  searchPath: ['public'],
  collation: 'deterministic',
  plainCase: true,
  utf8: true,
  timeZone: 'UTC',
  tables: new Map(TABLES.map((table) => [table.name, table])),
  functions: new Map(),
  isoDates: true,
  restlessOperators: new Set(),
  restlessCasts: new Set(),
  peculiarities: [],
  enums: new Map(),
};

export const facts = new Map(TABLES.map((table) => [table.name, JSON.stringify(table)]));

export function knownStatements(): StatementRegistry {
  const statements = new StatementRegistry();
  statements.load(catalog, 1);
  return statements;
}

/** A transaction that changes one row. Its id in the log is its number in the database. */
export interface Transaction {
  readonly xid: number;
  readonly table: string;
  /** It changes a row of this one, too, which comes in a slice of its own. */
  readonly second?: string | undefined;
  /** And one of this one, in the same slice. */
  readonly also?: string;
  /** A heartbeat follows it in the log, so that it is known to have no more rows. */
  readonly closed?: boolean;
}

type Stage = 'running' | 'logged' | 'visible';

/** Transactions that are decoded from the log before snapshots see them, as in PostgreSQL. */
export class SmallDatabase {
  readonly log: Transaction[] = [];
  readonly stages = new Map<number, Stage>();

  constructor(readonly transactions: readonly Transaction[]) {
    for (const { xid } of transactions) this.stages.set(xid, 'running');
  }

  async commit(transaction: Transaction, pace: Pace): Promise<void> {
    await pace(
      'is logged',
      () => void (this.log.push(...recordsOf(transaction)), this.stages.set(transaction.xid, 'logged')),
    );
    await pace('is visible', () => void this.stages.set(transaction.xid, 'visible'));
  }

  get visible(): number[] {
    return this.transactions.flatMap(({ xid }) => (this.stages.get(xid) === 'visible' ? [xid] : []));
  }

  get snapshot(): string {
    const first = this.transactions[0]?.xid ?? 0;
    const xmax = Math.max(first, ...this.visible.map((xid) => xid + 1));
    const running = this.transactions.filter(({ xid }) => this.stages.get(xid) !== 'visible').map(({ xid }) => xid);
    const xip = running.filter((xid) => xid < xmax);
    return `${Math.min(xmax, ...running)}:${xmax}:${xip.join(',')}`;
  }

  /** Every row says which transactions it includes. */
  source(pace: Pace): Source {
    return {
      open: async () => {
        const { snapshot, seen } = await pace('take snapshot', () => ({ snapshot: this.snapshot, seen: this.visible }));
        const query: Query = async () => [{ seen: seen.join() }];
        return { snapshot, query, close: async () => undefined };
      },
    };
  }

  /** Becomes equal to another one; neither changes with the other from then on. */
  become(other: SmallDatabase): void {
    this.log.splice(0, Infinity, ...other.log);
    for (const [xid, stage] of other.stages) this.stages.set(xid, stage);
  }

  get fingerprint(): string {
    return `${this.log.map(({ xid }) => xid).join()} ${[...this.stages.values()].join()}`;
  }
}

function recordsOf(transaction: Transaction): Transaction[] {
  const { xid, table, second } = transaction;
  return second === undefined
    ? [transaction]
    : [
        { xid, table, second },
        { ...transaction, table: second, second: undefined },
      ];
}

/** The row of that transaction, as the log tells it. */
export function changeOf({ xid, table }: Transaction): RowChange {
  const row = (seen: string): RowChange['after'] => ({ id: 1, seen });
  const ref = { schema: 'public', table };
  const origin = { xid, commitMs: 1000, lsn: BigInt(xid) };
  return { kind: 'row', table: ref, op: 'update', before: row('before'), after: row(`after ${xid}`), ...origin };
}

export function changesOf(transaction: Transaction): readonly Change[] {
  const heartbeat = { kind: 'heartbeat', sequence: 1n, xid: 50, commitMs: 1000, lsn: 50n } as const;
  const { also, closed, second } = transaction;
  const changes = [changeOf(transaction), ...(also === undefined ? [] : [changeOf({ ...transaction, table: also })])];
  return closed === true && second === undefined ? [...changes, heartbeat] : changes;
}

const reading = (table: string): Statement => ({
  name: `${table}.get`,
  text: `SELECT seen FROM ${table} WHERE id = $1`,
  values: ['1'],
});

export function keyOf(name: string): CacheKey {
  return cacheKey(name, 'v1', {});
}

/** A view over one row of each of the tables, read one after the other in one snapshot. */
export function requestOf(name: string, tables: readonly string[], change: Partial<ReadRequest> = {}): ReadRequest {
  const load = async (query: Query): Promise<Loaded> => {
    let seen = '';
    for (const table of tables) seen = (await query(reading(table)))[0]?.['seen'] ?? '';
    return { body: Buffer.from(seen), status: 200, meta: {} };
  };
  return { key: keyOf(name), ttlSeconds: 60, models: [], load, ...change };
}

export function seenIn(body: Buffer): number[] {
  return body.toString().split(',').filter(Boolean).map(Number);
}
