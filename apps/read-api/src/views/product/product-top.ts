import { type SourceRow } from '@freshet/cache-engine';
import sql, { raw } from 'sql-template-tag';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { salesBetween } from '../customer/sales-between.js';
import { type TopParams, topParams, topSpecimens } from '../customer/top-params.js';
import { found } from '../shapes/answer.js';
import { byColumn, number, rowAt, text } from '../shapes/columns.js';
import { where } from '../shapes/conditions.js';

type ProductTop = TopParams & { readonly sort_by: 'quantity' | 'amount' };

interface Data {
  /** Sums, the greatest first. */
  readonly greatest: readonly SourceRow[];
  /** What else is shown of them, by name. */
  readonly details: ReadonlyMap<string, SourceRow>;
  /** The catalogue's products of exactly these names. */
  readonly products: ReadonlyMap<string, SourceRow>;
}

const NOTHING: Data = { greatest: [], details: new Map(), products: new Map() };

export const productTop: View<ProductTop, Data> = {
  name: 'product.top',
  shapeVersion: 1,
  models: ['LineItem', 'Invoice', 'Product'],
  specimens: [
    ...topSpecimens.map((params) => ({ ...params, sort_by: 'amount' as const })),
    ...topSpecimens.map((params) => ({ ...params, sort_by: 'quantity' as const })),
  ],
  params: (request) => ({
    ...topParams(request),
    sort_by: request.query['sort_by'] === 'quantity' ? 'quantity' : 'amount',
  }),

  async load(params, query) {
    if (params.limit === 0) return NOTHING;
    // Coarse in billing_lineitem: any line may carry a product to the top, and a line knows neither business nor date of its invoice.
    const greatest = await query(
      statement(
        'product.top.sums',
        sql`SELECT l.product_name, sum(l.amount) AS total_amount, sum(l.quantity) AS total_quantity
            FROM billing_lineitem l JOIN billing_invoice i ON i.id = l.invoice_id
            ${where(...salesBetween(params))}
            GROUP BY l.product_name
            ORDER BY ${raw(params.sort_by === 'quantity' ? 'total_quantity' : 'total_amount')} DESC, l.product_name
            LIMIT ${params.limit}`,
      ),
    );
    if (greatest.length === 0) return NOTHING;
    const names = greatest.map((row) => text(row, 'product_name'));
    // Of the few alone: counting distinct invoices sorts all lines it looks at.
    const details = await query(
      statement(
        'product.top.details',
        sql`SELECT l.product_name, count(DISTINCT l.invoice_id) AS invoice_count, max(l.hsn_code) AS hsn_code,
              max(l.gst_tax_rate) AS gst_tax_rate, max(l.unit) AS unit, count(DISTINCT l.hsn_code) AS hsn_variants
            FROM billing_lineitem l JOIN billing_invoice i ON i.id = l.invoice_id
            ${where(...salesBetween(params), sql`l.product_name = ANY(${names})`)}
            GROUP BY l.product_name`,
      ),
    );
    const products = await query(
      statement('product.top.products', sql`SELECT id, name FROM billing_product WHERE name = ANY(${names})`),
    );
    return { greatest, details: byColumn(details, 'product_name'), products: byColumn(products, 'name') };
  },

  render: ({ greatest, details, products }) =>
    found(
      greatest.map((row) => {
        const product = products.get(text(row, 'product_name'));
        const detail = rowAt(details, text(row, 'product_name'));
        return {
          id: product === undefined ? null : number(product, 'id'),
          name: text(row, 'product_name'),
          hsn_code: text(detail, 'hsn_code'),
          gst_tax_rate: number(detail, 'gst_tax_rate'),
          total_amount: number(row, 'total_amount'),
          total_quantity: number(row, 'total_quantity'),
          invoice_count: number(detail, 'invoice_count'),
          unit: text(detail, 'unit'),
          hsn_variants: number(detail, 'hsn_variants'),
        };
      }),
    ),
};
