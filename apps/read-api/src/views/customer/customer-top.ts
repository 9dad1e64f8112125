import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { found } from '../shapes/answer.js';
import { byColumn, number, rowAt, text } from '../shapes/columns.js';
import { where } from '../shapes/conditions.js';
import { salesBetween } from './sales-between.js';
import { type TopParams, topParams, topSpecimens } from './top-params.js';

interface Data {
  readonly greatest: readonly SourceRow[];
  readonly customers: ReadonlyMap<string, SourceRow>;
}

const NOBODY: Data = { greatest: [], customers: new Map() };

export const customerTop: View<TopParams, Data> = {
  name: 'customer.top',
  shapeVersion: 1,
  models: ['Invoice', 'Customer'],
  specimens: topSpecimens,
  params: topParams,

  async load(params, query) {
    if (params.limit === 0) return NOBODY;
    const greatest = await query(
      statement(
        'customer.top.sums',
        sql`SELECT i.customer_id, sum(i.total_amount) AS total_amount, count(*) AS invoice_count FROM billing_invoice i
            ${where(...salesBetween(params))}
            GROUP BY i.customer_id ORDER BY total_amount DESC, i.customer_id LIMIT ${params.limit}`,
      ),
    );
    if (greatest.length === 0) return NOBODY;
    const ids = greatest.map((row) => text(row, 'customer_id'));
    const customers = await query(
      statement('customer.top.customers', sql`SELECT id, name FROM billing_customer WHERE id = ANY(${ids})`),
    );
    return { greatest, customers: byColumn(customers, 'id') };
  },

  render: ({ greatest, customers }) =>
    found(
      greatest.map((row) => ({
        id: number(row, 'customer_id'),
        name: text(rowAt(customers, text(row, 'customer_id')), 'name'),
        total_amount: number(row, 'total_amount'),
        invoice_count: number(row, 'invoice_count'),
        type_of_invoice: 'outward',
      })),
    ),
};
