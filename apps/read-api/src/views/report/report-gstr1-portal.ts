import sql from 'sql-template-tag';
import { ApiError } from '../../api-error.js';
import { wholeNumber } from '../../parameters.js';
import { statement } from '../../statement.js';
import { type Rendered, type View, type ViewRequest } from '../../view.js';
import { found } from '../shapes/answer.js';
import { where } from '../shapes/conditions.js';
import { billOf } from './gstr/bill.js';
import { lengthOf, type Party, partyOf } from './gstr/party.js';
import { readBillParts } from './gstr/read-bills.js';
import { portalFile } from './portal/portal-file.js';
import { type PortalBill, portalLineColumns, portalLineOf } from './portal/portal-line.js';

type Gstr1Portal = {
  readonly business_id: string;
  /** `YYYY-MM`; null for none: a fault only where the business exists. */
  readonly period: string | null;
};
type Data = { readonly business: Party | undefined; readonly bills: readonly PortalBill[] };

const NAME = 'report.gstr1_portal';
const NO_BUSINESS = { error: 'A valid business_id is required.' };
const NO_PERIOD = { error: 'month (1-12) and year are required.' };
const GSTIN_LENGTH = 15;

/** The sales of one business in one month, as the tax portal takes them. */
export const reportGstr1Portal: View<Gstr1Portal, Data> = {
  name: NAME,
  shapeVersion: 1,
  models: ['Business', 'Invoice', 'Customer', 'LineItem'],
  specimens: [
    { business_id: '1', period: '2024-05' },
    { business_id: '1', period: null },
  ],
  params: (request) => ({ business_id: businessId(request), period: period(request) }),

  async load({ business_id, period }, query) {
    const [row] = await query(
      statement(
        `${NAME}.business`,
        sql`SELECT name, gst_number, state_name FROM billing_business WHERE id = ${business_id}`,
      ),
    );
    if (row === undefined) return { business: undefined, bills: [] };
    if (period === null) return { business: partyOf(row), bills: [] };

    const conditions = [
      sql`i.business_id = ${business_id}`,
      sql`i.type_of_invoice = 'outward'`,
      sql`i.invoice_date >= ${`${period}-01`}`,
      sql`i.invoice_date < ${firstOfNext(period)}`,
    ];
    const invoices = await query(
      statement(
        `${NAME}.invoices`,
        sql`SELECT i.id, i.business_id, i.customer_id, i.invoice_number, i.invoice_date, i.total_amount
            FROM billing_invoice i ${where(...conditions)} ORDER BY i.invoice_date, i.id`,
      ),
    );
    const parts = await readBillParts(invoices, { name: NAME, columns: portalLineColumns, conditions }, query);
    return { business: partyOf(row), bills: invoices.map((invoice) => billOf(invoice, parts, portalLineOf)) };
  },

  render({ business, bills }, { period }) {
    if (business === undefined) return refused(NO_BUSINESS);
    if (period === null) return refused(NO_PERIOD);
    if (hasGstin(business)) return found(portalFile(business, period, bills));
    return refused({
      error: `Business '${business.name}' has no 15-character GSTIN — set it before generating a portal file.`,
    });
  },
};

/** @throws ApiError 400 */
function businessId(request: ViewRequest): string {
  const isNumber = /^\s*[+-]?\d+\s*$/.test(request.query['business_id'] ?? '');
  const id = isNumber ? wholeNumber(request, 'business_id') : undefined;
  if (id === undefined) throw new ApiError(400, NO_BUSINESS);
  return id;
}

function period(request: ViewRequest): string | null {
  const month = numberWithin(request.query['month'], 1, 12);
  const year = numberWithin(request.query['year'], 2017, 2099);
  return month === undefined || year === undefined ? null : `${year}-${String(month).padStart(2, '0')}`;
}

function numberWithin(value: string | undefined, least: number, most: number): number | undefined {
  if (value === undefined || !/^\s*\+?\d+\s*$/.test(value)) return undefined;
  const number = Number(value);
  return number >= least && number <= most ? number : undefined;
}

function firstOfNext(period: string): string {
  const [year, month] = period.split('-').map(Number) as [number, number];
  return month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
}

function hasGstin(business: Party): boolean {
  return lengthOf(business.gstin.toUpperCase()) === GSTIN_LENGTH;
}

function refused(error: { error: string }): Rendered<never> {
  return { status: 400, body: JSON.stringify(error) };
}
