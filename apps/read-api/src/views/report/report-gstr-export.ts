import sql from 'sql-template-tag';
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
import { readBillParts } from './gstr/read-bills.js';
import { REPORT_FILTERS } from './scope.js';

interface Data {
  /** Newest first, as are the purchases. */
  readonly sales: readonly Bill[];
  readonly purchases: readonly Bill[];
}

/** All invoices of the filter, in the forms of three returns. */
export const reportGstrExport: View<InvoiceFilter, Data> = {
  name: 'report.gstr_export',
  shapeVersion: 1,
  models: ['Invoice', 'LineItem', 'Customer', 'Business'],
  specimens: REPORT_FILTERS,
  params: invoiceFilter,

  async load(filter, query) {
    const conditions = [...invoiceConditions(filter), sql`i.type_of_invoice IN ('outward', 'inward')`];
    const invoices = await query(
      statement(
        'report.gstr_export.invoices',
        sql`SELECT i.id, i.business_id, i.customer_id, i.invoice_number, i.invoice_date, i.total_amount, i.type_of_invoice
            FROM billing_invoice i ${where(...conditions)} ORDER BY i.invoice_date DESC, i.id DESC`,
      ),
    );
    const columns = sql`l.id, l.hsn_code, l.gst_tax_rate, l.quantity, l.rate, l.cgst, l.sgst, l.igst`;
    const parts = await readBillParts(invoices, { name: 'report.gstr_export', columns, conditions }, query);
    const bills = (type: string): readonly Bill[] =>
      invoices.filter((row) => text(row, 'type_of_invoice') === type).map((row) => billOf(row, parts, billLineOf));
    return { sales: bills('outward'), purchases: bills('inward') };
  },

  render: ({ sales, purchases }) =>
    found({
      gstr1: gstr1(sales),
      gstr3b: gstr3b(
        amountsOf(sales.flatMap((bill) => bill.lines)),
        amountsOf(purchases.flatMap((bill) => bill.lines)),
      ),
      gstr2b: gstr2b(purchases),
    }),
};
