import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { found } from '../shapes/answer.js';
import { number } from '../shapes/columns.js';
import { where } from '../shapes/conditions.js';
import { filterSpecimens, invoiceConditions, invoiceFilter, type InvoiceFilter } from '../shapes/invoice-filter.js';

export const invoiceAllIds: View<InvoiceFilter, readonly SourceRow[]> = {
  name: 'invoice.all_ids',
  shapeVersion: 1,
  models: ['Invoice', 'LineItem'],
  specimens: filterSpecimens,
  params: invoiceFilter,

  load(filter, query) {
    // Invoices of one day: the newest first; under no_hsn the other way, since there the original's DISTINCT settles it so.
    const tie = filter.no_hsn ? sql`i.id` : sql`i.id DESC`;
    return query(
      statement(
        'invoice.all_ids',
        sql`SELECT i.id FROM billing_invoice i ${where(...invoiceConditions(filter))} ORDER BY i.invoice_date DESC, ${tie}`,
      ),
    );
  },

  render: (rows) => found({ ids: rows.map((row) => number(row, 'id')), count: rows.length }),
};
