import { tableName } from '@freshet/cache-keys';
import type { Row, RowChange, TableRef } from '@freshet/row-change';
import { analyse } from './analyse.js';
import type { Catalog } from './catalog.js';
import { changeTags } from './change-tags.js';
import type { Footprint, SqlValue } from './footprint.js';
import { compileMatcher } from './matcher.js';
import { readTags } from './read-tags.js';

export function footprintIn(known: Catalog, text: string): Footprint {
  const analysis = analyse({ name: 'q', text }, known);
  if (analysis.kind === 'refused')
    throw new Error(analysis.reasons.map((r) => `${r.construct}: ${r.reason}`).join('; '));
  return JSON.parse(JSON.stringify(analysis.footprint)) as Footprint;
}

export function change(table: string, before: Row | undefined, after: Row | undefined): RowChange {
  const op = before === undefined ? 'insert' : after === undefined ? 'delete' : 'update';
  return { kind: 'row', op, table: { schema: 'public', table }, before, after, xid: 1, commitMs: 0, lsn: undefined };
}

export const factsIn = (known: Catalog) => (t: TableRef) => known.tables.get(tableName(t.schema, t.table));

/** Whether the change reaches the entry by its tags AND is found to matter, as in the engine. */
export function mattersIn(known: Catalog, text: string, values: readonly SqlValue[], c: RowChange): boolean {
  const footprint = footprintIn(known, text);
  const { tags, schemes } = readTags(footprint, values);
  const facts = factsIn(known)(c.table);
  const own = changeTags(
    schemes.filter((s) => s.table === facts?.root),
    c,
    facts,
  );
  const reached = own === 'whole-table' || own.some((t) => tags.includes(t));
  const { matters: may } = compileMatcher(footprint).bind(values)([c], factsIn(known));
  if (may && !reached) throw new Error('matters, and yet no tag of the row leads to it');
  return reached && may;
}
