import type { Catalog } from '@freshet/footprint';
import type { RowChange } from '@freshet/row-change';
import type { Case, Line } from './case.js';
import { PARTS, Product, type Parts, type TransactionNews } from './product.js';
import type { Session } from './session.js';

interface Step {
  readonly xid: number | undefined;
  /** The catalogue after DDL. */
  readonly after: Catalog | undefined;
}

interface Options {
  readonly products?: readonly Parts[];
  readonly look?: Look;
  /** Where the case's transactions are heard of, by number; the session's own slot unless it is told otherwise. */
  readonly log?: () => Promise<ReadonlyMap<number, TransactionNews>>;
}

/** Is shown a case when its transactions are in effect. */
export type Look = (played: Played) => Promise<void>;

export interface Played {
  readonly case: Case;
  /** As it was before the first transaction. */
  readonly catalog: Catalog;
  readonly rows: readonly RowChange[];
}

/**
 * One case: all its transactions are run first, with the catalogue noted where DDL changed it; then their log is read once and the product
 * hears of one transaction after another, every entry being cached again before each.
 * @returns lines for each of the products.
 */
export async function runCase(
  session: Session,
  c: Case,
  schemas: ReadonlyMap<string, string>,
  { products = [PARTS], look = async () => undefined, log = () => session.news() }: Options = {},
): Promise<readonly (readonly Line[])[]> {
  await session.begin(c, schemas);
  const catalog = await session.catalog();
  const steps: Step[] = [];
  for (const change of c.changes) {
    const xid = await session.apply(change);
    const ddl = change.transaction.some((s) => typeof s === 'string' && DDL.test(s));
    if (ddl) await session.identities(c);
    steps.push({ xid, after: ddl ? await session.catalog() : undefined });
  }
  const news = await log();
  await look({
    case: c,
    catalog,
    rows: [...news.values()].flatMap((n) => n.rows),
  });
  return products.map((parts) => linesOf(c, new Product(c.entries, catalog, parts), steps, news));
}

function linesOf(
  c: Case,
  product: Product,
  steps: readonly Step[],
  news: ReadonlyMap<number, TransactionNews>,
): readonly Line[] {
  return steps.map(({ xid, after }, change) => {
    product.fill();
    const refused = product.refusedIds();
    const own = xid === undefined ? undefined : news.get(xid);
    return { id: c.id, change, deleted: own === undefined ? [] : product.apply(own, after), refused };
  });
}

const DDL = /\b(alter|create|drop|comment|reindex|cluster|refresh)\b/i;
