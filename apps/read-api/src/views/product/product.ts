import { type SourceRow } from '@freshet/cache-engine';
import sql, { type Sql } from 'sql-template-tag';
import { contains } from '../../search.js';
import { number, text, time } from '../shapes/columns.js';

/** The columns of `productShape`, of billing_product AS p. */
export const productColumns = sql`
  p.id, p.created_at, p.updated_at, p.workspace_id, p.name, p.hsn_code, p.gst_tax_rate, p.description, p.default_unit`;

export function productShape(row: SourceRow) {
  return {
    id: number(row, 'id'),
    created_at: time(row, 'created_at'),
    updated_at: time(row, 'updated_at'),
    workspace_id: number(row, 'workspace_id'),
    name: text(row, 'name'),
    hsn_code: text(row, 'hsn_code'),
    gst_tax_rate: text(row, 'gst_tax_rate'),
    description: text(row, 'description'),
    default_unit: text(row, 'default_unit'),
  };
}

/** The search box of products (AS p): the whole text, in the name or the HSN code. */
export function productSearch(search: string): Sql {
  const pattern = contains(search);
  return sql`(UPPER(p.name) LIKE UPPER(${pattern}) OR UPPER(p.hsn_code) LIKE UPPER(${pattern}))`;
}
