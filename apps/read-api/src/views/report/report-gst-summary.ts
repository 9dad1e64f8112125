import { type Query } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { found } from '../shapes/answer.js';
import { text } from '../shapes/columns.js';
import { where } from '../shapes/conditions.js';
import { invoiceFilter, type InvoiceFilter } from '../shapes/invoice-filter.js';
import { lineFiguresOf } from '../shapes/related.js';
import { type Bills, itcAging } from './gst-summary/aging.js';
import { bucketSql, urgentThrough } from './gst-summary/cutoff.js';
import { effectiveTax, gstr3b, gstr3bTable4, reconciliation } from './gst-summary/gstr3b.js';
import { type OpeningCredit, openingCredit, openingCreditShape } from './gst-summary/opening-credit.js';
import { hsnSummary } from './gst-summary/hsn-summary.js';
import { type InvoiceCounts, invoiceCounts, rateSlabs, type Slab, slabOf, taxOfType } from './gst-summary/slabs.js';
import { REPORT_FILTERS, reportScope, type Scope } from './scope.js';

type GstSummary = InvoiceFilter & { readonly today: string };

interface Data {
  readonly slabs: readonly Slab[];
  readonly counts: InvoiceCounts;
  readonly bills: Bills;
  readonly opening: OpeningCredit | undefined;
}

const INWARD = sql`i.type_of_invoice = 'inward'`;

/** What a firm needs for its monthly returns. */
export const reportGstSummary: View<GstSummary, Data> = {
  name: 'report.gst_summary',
  shapeVersion: 1,
  models: ['Invoice', 'LineItem', 'default'],
  specimens: REPORT_FILTERS.map((filter) => ({ ...filter, today: '2024-11-01' })),
  // Days left count down without a write, so today is part of the key.
  params: (request) => ({ ...invoiceFilter(request), today: request.today }),

  async load(params, query) {
    const scope = await reportScope('report.gst_summary.invoices', params, query);
    const lines = sql`billing_lineitem l JOIN billing_invoice i ON i.id = l.invoice_id`;
    const [sums, counts] = await Promise.all([
      // One pass over the lines is enough for slabs, codes and the tax of each bucket.
      query(
        statement(
          'report.gst_summary.sums',
          sql`SELECT i.type_of_invoice, l.gst_tax_rate, ${bucketSql(params.today)} AS bucket, l.hsn_code,
                sum(l.quantity * l.rate) AS taxable, sum(l.cgst) AS cgst, sum(l.sgst) AS sgst, sum(l.igst) AS igst,
                sum(l.amount) AS total, sum(l.quantity) AS quantity, count(*) AS lines
              FROM ${lines} ${where(...scope.lines)} GROUP BY 1, 2, 3, 4 ORDER BY l.hsn_code`,
        ),
      ),
      // Apart from the sums: PostgreSQL sorts what it counts once only, and what it sorts here is narrow.
      query(
        statement(
          'report.gst_summary.counts',
          sql`SELECT i.type_of_invoice, l.gst_tax_rate, count(DISTINCT l.invoice_id) AS invoices
              FROM ${lines} ${where(...scope.lines, sql`i.type_of_invoice IN ('outward', 'inward')`)} GROUP BY 1, 2`,
        ),
      ),
    ]);
    return {
      slabs: sums.map(slabOf),
      counts: invoiceCounts(counts),
      bills: await purchases(scope, params.today, query),
      opening: await openingCredit(params.business_id, query),
    };
  },

  render({ slabs, counts, bills, opening }, { today }) {
    const taxes = { output: taxOfType(slabs, 'outward'), input: taxOfType(slabs, 'inward') };
    return found({
      rate_slabs: { outward: rateSlabs(slabs, 'outward', counts), inward: rateSlabs(slabs, 'inward', counts) },
      hsn_summary: hsnSummary(slabs),
      gstr3b: gstr3b(taxes),
      gstr3b_table4: gstr3bTable4(taxes, opening),
      itc_aging: itcAging(bills, slabs, today),
      gstr1_3b_recon: reconciliation(taxes),
      carry_forward_itc: openingCreditShape(opening),
      effective: effectiveTax(taxes, opening),
    });
  },
};

async function purchases(scope: Scope, today: string, query: Query): Promise<Bills> {
  const counts = await query(
    statement(
      'report.gst_summary.bills',
      sql`SELECT ${bucketSql(today)} AS bucket, count(*) AS count FROM billing_invoice i
          ${where(...scope.invoices, INWARD)} GROUP BY 1`,
    ),
  );
  const urgent = await query(
    statement(
      'report.gst_summary.urgent',
      sql`SELECT i.id, i.invoice_number, i.invoice_date, i.total_amount FROM billing_invoice i
          ${where(...scope.invoices, INWARD, sql`i.invoice_date <= ${urgentThrough(today)}`)}
          ORDER BY i.invoice_date DESC, i.id DESC LIMIT 50`,
    ),
  );
  const ids = urgent.map((row) => text(row, 'id'));
  return { counts, urgent, taxes: await lineFiguresOf(ids, query) };
}
