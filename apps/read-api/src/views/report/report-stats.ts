import { type Query, type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { found } from '../shapes/answer.js';
import { byColumn, number, rowAt, text } from '../shapes/columns.js';
import { where } from '../shapes/conditions.js';
import { invoiceRowColumns, invoiceRowShape } from '../shapes/invoice.js';
import { invoiceFilter, type InvoiceFilter } from '../shapes/invoice-filter.js';
import { lineFiguresOf } from '../shapes/related.js';
import { REPORT_FILTERS, reportScope, type Scope } from './scope.js';
import { monthly, type Months, months, taxDistribution, totals } from './stats/months.js';

interface Data {
  readonly months: Months;
  readonly topCustomers: readonly SourceRow[];
  readonly topProducts: readonly SourceRow[];
  readonly recent: readonly SourceRow[];
  /** By id: those that the lists above show. */
  readonly customers: ReadonlyMap<string, SourceRow>;
  readonly businesses: ReadonlyMap<string, SourceRow>;
  /** Of the recent invoices. */
  readonly lineFigures: ReadonlyMap<string, SourceRow>;
}

const OUTWARD = sql`i.type_of_invoice = 'outward'`;
/** Of sums by day (AS d), which are few: taking every row's date apart costs as much as adding the rows up. */
const YEAR_AND_MONTH = sql`EXTRACT(YEAR FROM d.invoice_date) AS year, EXTRACT(MONTH FROM d.invoice_date) AS month`;

/** The dashboard. */
export const reportStats: View<InvoiceFilter, Data> = {
  name: 'report.stats',
  shapeVersion: 1,
  models: ['Invoice', 'LineItem', 'Customer', 'Business'],
  specimens: REPORT_FILTERS,
  params: invoiceFilter,

  async load(filter, query) {
    const scope = await reportScope('report.stats.invoices', filter, query);
    const invoiceSums = await query(
      statement(
        'report.stats.months',
        sql`SELECT ${YEAR_AND_MONTH}, d.type_of_invoice, sum(d.total) AS total, sum(d.count) AS count
            FROM (
              SELECT i.invoice_date, i.type_of_invoice, sum(i.total_amount) AS total, count(*) AS count
              FROM billing_invoice i ${where(...scope.invoices)} GROUP BY 1, 2
            ) AS d GROUP BY 1, 2, 3`,
      ),
    );
    const taxSums = await query(
      statement(
        'report.stats.tax',
        sql`SELECT ${YEAR_AND_MONTH}, d.type_of_invoice, sum(d.cgst) AS cgst, sum(d.sgst) AS sgst, sum(d.igst) AS igst
            FROM (
              SELECT i.invoice_date, i.type_of_invoice, sum(l.cgst) AS cgst, sum(l.sgst) AS sgst, sum(l.igst) AS igst
              FROM billing_lineitem l JOIN billing_invoice i ON i.id = l.invoice_id ${where(...scope.lines)} GROUP BY 1, 2
            ) AS d GROUP BY 1, 2, 3`,
      ),
    );
    const topProducts = await query(
      statement(
        'report.stats.products',
        // By code first: counting distinct codes would sort all lines.
        sql`SELECT product_name, sum(total) AS total, sum(quantity) AS quantity, max(hsn_code) AS hsn_code, max(unit) AS unit,
              count(*) AS hsn_variants
            FROM (
              SELECT l.product_name, l.hsn_code, sum(l.amount) AS total, sum(l.quantity) AS quantity, max(l.unit) AS unit
              FROM billing_lineitem l JOIN billing_invoice i ON i.id = l.invoice_id ${where(...scope.lines, OUTWARD)}
              GROUP BY l.product_name, l.hsn_code
            ) AS by_code
            GROUP BY product_name ORDER BY total DESC, product_name LIMIT 5`,
      ),
    );
    return { months: months(invoiceSums, taxSums), topProducts, ...(await invoicesOfNote(scope, query)) };
  },

  render: ({ months, topCustomers, topProducts, recent, customers, businesses, lineFigures }) =>
    found({
      totals: totals(months),
      monthly: monthly(months),
      top_customers: topCustomers.map((row) => ({
        id: number(row, 'customer_id'),
        name: text(rowAt(customers, text(row, 'customer_id')), 'name'),
        total: number(row, 'total'),
      })),
      top_products: topProducts.map((row) => ({
        name: text(row, 'product_name'),
        total: number(row, 'total'),
        qty: number(row, 'quantity'),
        hsn: text(row, 'hsn_code'),
        unit: text(row, 'unit'),
        hsn_variants: number(row, 'hsn_variants'),
      })),
      recent_invoices: recent.map((row) =>
        invoiceRowShape(
          row,
          {
            customer: rowAt(customers, text(row, 'customer_id')),
            business: rowAt(businesses, text(row, 'business_id')),
          },
          lineFigures.get(text(row, 'id')),
        ),
      ),
      tax_distribution: taxDistribution(months),
    }),
};

/** The greatest customers and the newest invoices; then, by id, whom they name. */
async function invoicesOfNote(scope: Scope, query: Query): Promise<Omit<Data, 'months' | 'topProducts'>> {
  const topCustomers = await query(
    statement(
      'report.stats.top_customers',
      sql`SELECT i.customer_id, sum(i.total_amount) AS total FROM billing_invoice i ${where(...scope.invoices, OUTWARD)}
          GROUP BY i.customer_id ORDER BY total DESC, i.customer_id LIMIT 5`,
    ),
  );
  const recent = await query(
    statement(
      'report.stats.recent',
      sql`SELECT ${invoiceRowColumns} FROM billing_invoice i ${where(...scope.invoices)}
          ORDER BY i.created_at DESC, i.id DESC LIMIT 5`,
    ),
  );
  const customerIds = distinct([...topCustomers, ...recent], 'customer_id');
  const customers = await query(
    statement(
      'report.stats.customers',
      sql`SELECT id, name, gst_number FROM billing_customer WHERE id = ANY(${customerIds})`,
    ),
  );
  const businesses = await query(
    statement(
      'report.stats.businesses',
      sql`SELECT id, name, gst_number FROM billing_business WHERE id = ANY(${distinct(recent, 'business_id')})`,
    ),
  );
  return {
    topCustomers,
    recent,
    customers: byColumn(customers, 'id'),
    businesses: byColumn(businesses, 'id'),
    lineFigures: await lineFiguresOf(
      recent.map((row) => text(row, 'id')),
      query,
    ),
  };
}

function distinct(rows: readonly SourceRow[], column: string): readonly string[] {
  return [...new Set(rows.map((row) => text(row, column)))];
}
