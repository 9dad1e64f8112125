import sql, { type Sql } from 'sql-template-tag';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { found } from '../shapes/answer.js';
import { text } from '../shapes/columns.js';
import { where } from '../shapes/conditions.js';
import { invoiceConditions, invoiceFilter, type InvoiceFilter } from '../shapes/invoice-filter.js';
import { amountsOf, type Bill, billLineOf, billOf } from './gstr/bill.js';
import { gstr1 } from './gstr/gstr1.js';
import { gstr2b } from './gstr/gstr2b.js';
import { gstr3b } from './gstr/gstr3b.js';
import { BILL_COLUMNS, BILL_LINE_COLUMNS } from './gstr/bill-cursor.js';
import { readBillParts } from './gstr/read-bills.js';
import { StreamedExport } from './gstr/streamed-export.js';
import { REPORT_FILTERS } from './scope.js';

interface Data {
  /** Newest first, as are the purchases. */
  readonly sales: readonly Bill[];
  readonly purchases: readonly Bill[];
}

/** All invoices of the filter, in the forms of three returns. */
export const reportGstrExport: View<InvoiceFilter, Data> = {
  name: 'report.gstr_export',
  shapeVersion: 2,
  models: ['Invoice', 'LineItem', 'Customer', 'Business'],
  specimens: REPORT_FILTERS,
  params: invoiceFilter,

  async load(filter, query) {
    const conditions = conditionsOf(filter);
    const invoices = await query(
      statement(
        'report.gstr_export.invoices',
        sql`SELECT ${BILL_COLUMNS}, i.type_of_invoice
            FROM billing_invoice i ${where(...conditions)} ORDER BY i.invoice_date DESC, i.id DESC`,
      ),
    );
    const question = { name: 'report.gstr_export', columns: BILL_LINE_COLUMNS, conditions };
    const parts = await readBillParts(invoices, question, query);
    const bills = (type: string): readonly Bill[] =>
      invoices.filter((row) => text(row, 'type_of_invoice') === type).map((row) => billOf(row, parts, billLineOf));
    return { sales: bills('outward'), purchases: bills('inward') };
  },

  // Sums come after what they sum: so the streamed form reads every bill once.
  render: ({ sales, purchases }) =>
    found({
      gstr1: gstr1(sales),
      gstr2b: gstr2b(purchases),
      gstr3b: gstr3b(
        amountsOf(sales.flatMap((bill) => bill.lines)),
        amountsOf(purchases.flatMap((bill) => bill.lines)),
      ),
    }),

  streamed: {
    size: (filter) =>
      statement(
        'report.gstr_export.size',
        sql`SELECT count(*) AS count FROM billing_invoice i ${where(...conditionsOf(filter))}`,
      ),
    pieces: (filter, query) => new StreamedExport(invoiceConditions(filter), query).pieces(),
  },
};

function conditionsOf(filter: InvoiceFilter): readonly Sql[] {
  return [...invoiceConditions(filter), sql`i.type_of_invoice IN ('outward', 'inward')`];
}
