import type { Catalog } from '@freshet/footprint';
import type { Case, Line } from './case.js';
import { Product } from './product.js';
import type { Session } from './session.js';

/**
 * One case: all its transactions are run first, with the catalogue noted where DDL changed it; then their log is read once and the product
 * hears of one transaction after another, every entry being cached again before each.
 */
export async function runCase(session: Session, c: Case, schemas: ReadonlyMap<string, string>): Promise<readonly Line[]> {
  await session.begin(c, schemas);
  const product = new Product(c.entries, await session.catalog());
  const steps: { xid: number | undefined; after: Catalog | undefined }[] = [];
  for (const change of c.changes) {
    const xid = await session.apply(change);
    const ddl = change.transaction.some((s) => typeof s === 'string' && DDL.test(s));
    if (ddl) await session.identities(c);
    steps.push({ xid, after: ddl ? await session.catalog() : undefined });
  }
  const news = await session.news();
  return steps.map(({ xid, after }, change) => {
    product.fill();
    const refusedBefore = product.refusedIds();
    const own = xid === undefined ? undefined : news.get(xid);
    const deleted = own === undefined ? [] : product.apply(own, after);
    return { id: c.id, change, deleted, refused: refusedBefore };
  });
}

const DDL = /\b(alter|create|drop|comment|reindex|cluster|refresh)\b/i;
