import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { found } from '../shapes/answer.js';
import { maybeNumber, number } from '../shapes/columns.js';
import { where } from '../shapes/conditions.js';
import { filterSpecimens, invoiceConditions, invoiceFilter, type InvoiceFilter } from '../shapes/invoice-filter.js';

export const invoiceMonthlyTotals: View<InvoiceFilter, readonly SourceRow[]> = {
  name: 'invoice.monthly_totals',
  shapeVersion: 1,
  models: ['Invoice', 'LineItem'],
  specimens: filterSpecimens,
  params: invoiceFilter,

  load: (filter, query) =>
    query(
      statement(
        'invoice.monthly_totals',
        sql`SELECT EXTRACT(YEAR FROM i.invoice_date) AS year, EXTRACT(MONTH FROM i.invoice_date) AS month,
              sum(i.total_amount) FILTER (WHERE i.type_of_invoice = 'outward') AS outward_total,
              sum(i.total_amount) FILTER (WHERE i.type_of_invoice = 'inward') AS inward_total,
              count(*) FILTER (WHERE i.type_of_invoice = 'outward') AS outward_count,
              count(*) FILTER (WHERE i.type_of_invoice = 'inward') AS inward_count
            FROM billing_invoice i ${where(...invoiceConditions(filter))}
            GROUP BY 1, 2 ORDER BY 1, 2`,
      ),
    ),

  render: (rows) =>
    found(
      rows.map((row) => ({
        month: number(row, 'month'),
        year: number(row, 'year'),
        outward_total: maybeNumber(row, 'outward_total'),
        inward_total: maybeNumber(row, 'inward_total'),
        outward_count: number(row, 'outward_count'),
        inward_count: number(row, 'inward_count'),
      })),
    ),
};
