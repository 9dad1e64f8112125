import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { found } from '../shapes/answer.js';
import { number, onlyRow } from '../shapes/columns.js';
import { where } from '../shapes/conditions.js';
import { filterSpecimens, invoiceConditions, invoiceFilter, type InvoiceFilter } from '../shapes/invoice-filter.js';

export const invoiceDistribution: View<InvoiceFilter, SourceRow> = {
  name: 'invoice.distribution',
  shapeVersion: 1,
  models: ['Invoice', 'LineItem'],
  specimens: filterSpecimens,
  params: invoiceFilter,

  async load(filter, query) {
    const rows = await query(
      statement(
        'invoice.distribution',
        sql`SELECT coalesce(sum(i.total_amount) FILTER (WHERE i.type_of_invoice = 'outward'), 0) AS outward_total,
              count(*) FILTER (WHERE i.type_of_invoice = 'outward') AS outward_count,
              coalesce(sum(i.total_amount) FILTER (WHERE i.type_of_invoice = 'inward'), 0) AS inward_total,
              count(*) FILTER (WHERE i.type_of_invoice = 'inward') AS inward_count,
              coalesce(sum(i.total_amount) FILTER (WHERE i.type_of_invoice NOT IN ('outward', 'inward')), 0) AS other_total,
              count(*) FILTER (WHERE i.type_of_invoice NOT IN ('outward', 'inward')) AS other_count
            FROM billing_invoice i ${where(...invoiceConditions(filter))}`,
      ),
    );
    return onlyRow(rows);
  },

  render: (row) =>
    found({
      outward_total: number(row, 'outward_total'),
      outward_count: number(row, 'outward_count'),
      inward_total: number(row, 'inward_total'),
      inward_count: number(row, 'inward_count'),
      other_total: number(row, 'other_total'),
      other_count: number(row, 'other_count'),
    }),
};
