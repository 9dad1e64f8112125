import type { TableName } from '@freshet/cache-keys';
import { compileMatcher, type Catalog, type TableFacts } from '@freshet/footprint';
import type { RowChange } from '@freshet/row-change';
import type { Entry } from '../case.js';
import { PARTS, sqlValue, type Parts } from '../product.js';
import type { Played } from '../run-case.js';
import type { Session } from '../session.js';
import { rowLiteral, identifier, wholeRows, type WholeRow } from './images.js';
import { leavesAnswerAlone } from './proof.js';
import { scansOf, type Scan } from './scans.js';

/** Rows that cannot count for a statement, by our local predicates and by those of PostgreSQL's planner. */
export interface Comparison {
  rows: number;
  both: number;
  neither: number;
  /** Only the planner shuts the row out: it has a rule that ours lacks. */
  readonly planner: Difference[];
  /** Only ours does. `idle`: PostgreSQL gives the same answer with and without the row; undefined: the row cannot be put there. */
  readonly ours: (Difference & { readonly idle: boolean | undefined })[];
  /** What is beside the planner; a test hands in a wrong one. */
  readonly analyse: Parts['analyse'];
}

export interface Difference {
  readonly entry: string;
  readonly sql: string;
  readonly scans: readonly Scan[];
  readonly row: WholeRow;
}

/** Of one statement: the rows of a bulk change are all alike. */
const MOST_ROWS = 40;

export function newComparison({ analyse }: Parts = PARTS): Comparison {
  return { rows: 0, both: 0, neither: 0, planner: [], ours: [], analyse };
}

/** Adds a case without schema changes to a comparison. */
export async function compareCase(
  session: Session,
  { case: c, catalog, rows }: Played,
  sums: Comparison,
): Promise<void> {
  if (c.changes.some((change) => change.ddl === true)) return;
  for (const entry of c.entries.filter((e) => e.cacheable !== false))
    await compareWithPlanner(session, { ...entry, id: `${c.id} ${entry.id}` }, rows, catalog, sums);
}

/** Adds one statement and the rows of some changes to a comparison. The changes are in effect; the schema is what it was. */
export async function compareWithPlanner(
  session: Session,
  entry: Entry,
  changes: readonly RowChange[],
  catalog: Catalog,
  sums: Comparison,
): Promise<void> {
  const ours = shutOut(entry, catalog, sums.analyse);
  const scans = ours && (await scansOf(session, entry, catalog));
  if (ours === undefined || scans === undefined) return;
  const rows = wholeRows(changes, catalog)
    .filter(({ table }) => ours.tables.has(table))
    .slice(0, MOST_ROWS);
  const passing = await passingRows(session, scans, rows, catalog);
  for (const row of rows) {
    const [we, they] = [ours.by(row), !passing.has(row)];
    const difference = { entry: entry.id, sql: entry.sql, scans: scans.filter((s) => s.table === row.table), row };
    sums.rows += 1;
    if (we === they) sums[we ? 'both' : 'neither'] += 1;
    else if (they) sums.planner.push(difference);
    else sums.ours.push({ ...difference, idle: await leavesAnswerAlone(session, entry, row, catalog) });
  }
}

/** Whether our local predicates shut a row out: then its coming cannot matter. */
function shutOut(
  entry: Entry,
  catalog: Catalog,
  analyse: Parts['analyse'],
): { tables: Set<TableName>; by: (row: WholeRow) => boolean } | undefined {
  const analysis = analyse({ name: entry.id, text: entry.sql }, catalog);
  if (analysis.kind === 'refused') return undefined;
  const matches = compileMatcher(analysis.footprint).bind((entry.params ?? []).map(sqlValue));
  const factsOf = ({ table }: WholeRow) => catalog.tables.get(table) as TableFacts;
  const coming = (image: WholeRow): RowChange => {
    const { schema, table } = factsOf(image);
    return {
      kind: 'row',
      op: 'insert',
      table: { schema, table },
      before: undefined,
      after: image.row,
      xid: 1,
      commitMs: 0,
      lsn: undefined,
    };
  };
  return {
    tables: new Set(analysis.footprint.occurrences.flatMap((o) => o.members)),
    by: (row) => !matches([coming(row)], () => factsOf(row)).matters,
  };
}

/** The rows that meet the filter of some scan of their table. PostgreSQL evaluates its own filters; where that fails the row counts. */
async function passingRows(
  session: Session,
  scans: readonly Scan[],
  rows: readonly WholeRow[],
  catalog: Catalog,
): Promise<ReadonlySet<WholeRow>> {
  const passing = new Set<WholeRow>();
  for (const { table, alias, conditions } of scans) {
    const facts = catalog.tables.get(table);
    const own = rows.filter((r) => r.table === table);
    if (facts === undefined || own.length === 0) continue;
    const values = own.map((r, i) => `SELECT ${i} AS row_number_, (${rowLiteral(r, facts)}).*`).join(' UNION ALL ');
    const filter = conditions.length === 0 ? '' : ` WHERE ${conditions.map((c) => `(${c})`).join(' AND ')}`;
    const numbers = await session.run(`SELECT row_number_ AS n FROM (${values}) ${identifier(alias)}${filter}`).then(
      (result) => (result.rows as { n: number }[]).map(({ n }) => n),
      () => own.map((_, i) => i),
    );
    for (const n of numbers) passing.add(own[n] as WholeRow);
  }
  return passing;
}
