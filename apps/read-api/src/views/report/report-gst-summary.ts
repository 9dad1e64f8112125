import { type Query, type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { found } from '../shapes/answer.js';
import { number, text } from '../shapes/columns.js';
import { where } from '../shapes/conditions.js';
import { invoiceFilter, type InvoiceFilter } from '../shapes/invoice-filter.js';
import { lineFiguresOf } from '../shapes/related.js';
import { type Bills, itcAging } from './gst-summary/aging.js';
import { bucketSql, urgentThrough } from './gst-summary/cutoff.js';
import { effectiveTax, gstr3b, gstr3bTable4, reconciliation } from './gst-summary/gstr3b.js';
import { type OpeningCredit, openingCredit, openingCreditShape } from './gst-summary/opening-credit.js';
import { rateSlabs, type Slab, slabOf, taxOfType } from './gst-summary/slabs.js';
import { REPORT_FILTERS, reportScope, type Scope } from './scope.js';

type GstSummary = InvoiceFilter & { readonly today: string };

interface Data {
  readonly slabs: readonly Slab[];
  readonly hsnCodes: readonly SourceRow[];
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
    const bucket = bucketSql(params.today);
    // By bucket too: aging needs the tax of each, and one pass over the lines is enough for both.
    const slabs = await query(
      statement(
        'report.gst_summary.slabs',
        sql`SELECT i.type_of_invoice, l.gst_tax_rate, ${bucket} AS bucket, sum(l.quantity * l.rate) AS taxable,
              sum(l.cgst) AS cgst, sum(l.sgst) AS sgst, sum(l.igst) AS igst, sum(l.amount) AS total,
              count(DISTINCT l.invoice_id) AS invoices
            FROM billing_lineitem l JOIN billing_invoice i ON i.id = l.invoice_id
            ${where(...scope.lines, sql`i.type_of_invoice IN ('outward', 'inward')`)} GROUP BY 1, 2, 3`,
      ),
    );
    const hsnCodes = await query(
      statement(
        'report.gst_summary.hsn',
        sql`SELECT l.hsn_code, sum(l.quantity * l.rate) AS taxable, sum(l.cgst) AS cgst, sum(l.sgst) AS sgst, sum(l.igst) AS igst,
              sum(l.amount) AS total, sum(l.quantity) AS quantity, count(*) AS lines
            FROM billing_lineitem l JOIN billing_invoice i ON i.id = l.invoice_id ${where(...scope.lines)}
            GROUP BY l.hsn_code ORDER BY taxable DESC, l.hsn_code`,
      ),
    );
    return {
      slabs: slabs.map(slabOf),
      hsnCodes,
      bills: await purchases(scope, params.today, query),
      opening: await openingCredit(params.business_id, query),
    };
  },

  render({ slabs, hsnCodes, bills, opening }, { today }) {
    const taxes = { output: taxOfType(slabs, 'outward'), input: taxOfType(slabs, 'inward') };
    return found({
      rate_slabs: { outward: rateSlabs(slabs, 'outward'), inward: rateSlabs(slabs, 'inward') },
      hsn_summary: hsnCodes.map(hsnShape),
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

/** All types of invoices together. */
function hsnShape(row: SourceRow) {
  return {
    hsn_code: text(row, 'hsn_code') || 'N/A',
    taxable: number(row, 'taxable'),
    cgst: number(row, 'cgst'),
    sgst: number(row, 'sgst'),
    igst: number(row, 'igst'),
    total: number(row, 'total'),
    qty: number(row, 'quantity'),
    count: number(row, 'lines'),
  };
}
