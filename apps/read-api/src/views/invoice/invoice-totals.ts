import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { found } from '../shapes/answer.js';
import { number, onlyRow } from '../shapes/columns.js';
import { where } from '../shapes/conditions.js';
import { filterSpecimens, invoiceConditions, invoiceFilter, type InvoiceFilter } from '../shapes/invoice-filter.js';

export const invoiceTotals: View<InvoiceFilter, SourceRow> = {
  name: 'invoice.totals',
  shapeVersion: 1,
  models: ['Invoice', 'LineItem'],
  specimens: filterSpecimens,
  params: invoiceFilter,

  async load(filter, query) {
    const rows = await query(
      statement(
        'invoice.totals',
        sql`SELECT t.inward_total, t.outward_total, t.outward_total - t.inward_total AS net_total FROM (
              SELECT coalesce(sum(i.total_amount) FILTER (WHERE i.type_of_invoice = 'inward'), 0) AS inward_total,
                coalesce(sum(i.total_amount) FILTER (WHERE i.type_of_invoice = 'outward'), 0) AS outward_total
              FROM billing_invoice i ${where(...invoiceConditions(filter))}) t`,
      ),
    );
    return onlyRow(rows);
  },

  render: (row) =>
    found({
      inward_total: number(row, 'inward_total'),
      outward_total: number(row, 'outward_total'),
      net_total: number(row, 'net_total'),
    }),
};
