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
        // By day first: taking every invoice's date apart costs as much as adding them up.
        sql`SELECT EXTRACT(YEAR FROM d.invoice_date) AS year, EXTRACT(MONTH FROM d.invoice_date) AS month,
              sum(d.outward_total) AS outward_total, sum(d.inward_total) AS inward_total,
              sum(d.outward_count) AS outward_count, sum(d.inward_count) AS inward_count
            FROM (
              SELECT i.invoice_date,
                sum(i.total_amount) FILTER (WHERE i.type_of_invoice = 'outward') AS outward_total,
                sum(i.total_amount) FILTER (WHERE i.type_of_invoice = 'inward') AS inward_total,
                count(*) FILTER (WHERE i.type_of_invoice = 'outward') AS outward_count,
                count(*) FILTER (WHERE i.type_of_invoice = 'inward') AS inward_count
              FROM billing_invoice i ${where(...invoiceConditions(filter))} GROUP BY i.invoice_date
            ) AS d
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
