import { type Statement } from '@freshet/cache-engine';
import { tableName, type TableName } from '@freshet/cache-keys';
import { type Catalog, type ColumnFacts, type TableFacts } from '@freshet/footprint';
import { type RowChange } from '@freshet/row-change';

/** The ways in which a statement can pin the rows that matter to it. */
export const KINDS = ['equality', 'in', 'range', 'numbers', 'prefix'] as const;
export type Kind = (typeof KINDS)[number];

const COLUMNS: readonly (readonly [string, string])[] = [
  ['id', 'int8'],
  ['owner', 'int8'],
  ['mark', 'int8'],
  ['booked', 'date'],
  ['label', 'text'],
  ['amount', 'numeric'],
  ['note', 'text'],
];

function facts(table: string): TableFacts {
  const columns = COLUMNS.map(([name, type]): ColumnFacts => {
    return { name, type, typmod: -1, notNull: true, collation: 'deterministic', generated: null };
  });
  const name = tableName('public', table);
  return {
    schema: 'public',
    table,
    name,
    kind: 'table',
    persistence: 'permanent',
    columns,
    primaryKey: ['id'],
    identity: 'full',
    identityColumns: columns.map((column) => column.name),
    root: name,
    members: [name],
    manyParents: false,
    rowSecurity: false,
    published: true,
    publishedInPart: false,
    definition: null,
  };
}

function aggregate(name: string) {
  return {
    schema: 'pg_catalog',
    name,
    minArguments: 1,
    maxArguments: 1,
    volatility: 'i',
    aggregate: true,
    returnsSet: false,
    trusted: true,
    language: 'internal',
    sql: null,
  } as const;
}

const tables = new Map<TableName, TableFacts>(KINDS.map((kind) => facts(`${kind}_row`)).map((t) => [t.name, t]));

/** A table for each kind, so that the schemes of one do not add to the work of another. */
export const CATALOG: Catalog = {
  searchPath: ['public'],
  collation: 'deterministic',
  plainCase: true,
  utf8: true,
  timeZone: 'UTC',
  tables,
  functions: new Map(['sum', 'max'].map((name) => [name, [aggregate(name)]])),
  isoDates: true,
  restlessOperators: new Set(),
  restlessCasts: new Set(),
  peculiarities: [],
  enums: new Map(),
};

export const FACTS: ReadonlyMap<TableName, string> = new Map([...tables].map(([name, t]) => [name, JSON.stringify(t)]));

/** As many characters as a prefix is looked up by. */
const labelOf = (i: number): string => `k${String(i).padStart(11, '0')}`;

/** The i-th statement of a kind. No two of a kind match the same row. */
export const STATEMENTS: Readonly<Record<Kind, (i: number) => Statement>> = {
  equality: (i) => ({ name: 'bench.equality', text: 'SELECT amount FROM equality_row WHERE owner = $1', values: [i] }),
  in: (i) => ({
    name: 'bench.in',
    text: 'SELECT amount FROM in_row WHERE owner = ANY ($1)',
    values: [[10 * i, 10 * i + 1, 10 * i + 2]],
  }),
  range: (i) => ({
    name: 'bench.range',
    text: 'SELECT amount FROM range_row WHERE owner = $1 AND booked BETWEEN $2 AND $3',
    values: [i, '2026-04-03', '2026-06-28'],
  }),
  numbers: (i) => ({
    name: 'bench.numbers',
    text: 'SELECT amount FROM numbers_row WHERE mark BETWEEN $1 AND $2',
    values: [10 * i, 10 * i + 7],
  }),
  prefix: (i) => ({
    name: 'bench.prefix',
    text: 'SELECT amount FROM prefix_row WHERE label LIKE $1',
    values: [`${labelOf(i)}%`],
  }),
};

/** A change of a row that the i-th statement reads. It touches no column that the statement uses: looked up, tested and kept. */
export function changeFor(kind: Kind, i: number, xid: number): RowChange {
  const row = {
    id: i,
    owner: kind === 'in' ? 10 * i + 1 : i,
    mark: 10 * i + 3,
    booked: '2026-05-10',
    label: `${labelOf(i)} and so on`,
    amount: '10.00',
  };
  return {
    kind: 'row',
    table: { schema: 'public', table: `${kind}_row` },
    op: 'update',
    before: { ...row, note: 'before' },
    after: { ...row, note: 'after' },
    xid,
    commitMs: 0,
    lsn: undefined,
  };
}
