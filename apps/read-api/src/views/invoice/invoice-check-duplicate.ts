import sql from 'sql-template-tag';
import { text, wholeNumber } from '../../parameters.js';
import { statement } from '../../statement.js';
import { type View, type ViewRequest } from '../../view.js';
import { found } from '../shapes/answer.js';
import { given, where } from '../shapes/conditions.js';
import { daysOfYear, yearAsked, yearName } from '../shapes/financial-year.js';

/** Without number or business nothing is looked for, and nothing else counts. */
type CheckDuplicate = {
  readonly invoice_number?: string;
  readonly business_id?: string;
  /** The financial year, so that an entry does not end with the day. */
  readonly year?: number;
  readonly type_of_invoice?: string | undefined;
  readonly exclude_id?: string | undefined;
};

export const invoiceCheckDuplicate: View<CheckDuplicate, boolean | undefined> = {
  name: 'invoice.check_duplicate',
  shapeVersion: 1,
  models: ['Invoice'],
  specimens: [
    {},
    { invoice_number: '1', business_id: '1', year: 2024 },
    { invoice_number: '1', business_id: '1', year: 2024, type_of_invoice: 'outward', exclude_id: '1' },
  ],

  params(request) {
    const invoice_number = text(request, 'invoice_number');
    if (invoice_number === undefined || !request.query['business_id']) return {};
    const business_id = wholeNumber(request, 'business_id')!;
    return {
      invoice_number,
      business_id,
      year: yearAsked(request.query['invoice_date'], request.today),
      type_of_invoice: knownType(request),
      exclude_id: wholeNumber(request, 'exclude_id'),
    };
  },

  async load({ invoice_number, business_id, year, type_of_invoice, exclude_id }, query) {
    if (invoice_number === undefined || business_id === undefined || year === undefined) return undefined;
    const { from, to } = daysOfYear(year);
    const matching = where(
      sql`business_id = ${business_id}`,
      sql`invoice_number = ${invoice_number}`,
      sql`invoice_date >= ${from}`,
      sql`invoice_date <= ${to}`,
      given(type_of_invoice, (type) => sql`type_of_invoice = ${type}`),
      given(exclude_id, (id) => sql`id <> ${id}`),
    );
    const rows = await query(
      statement('invoice.check_duplicate', sql`SELECT id FROM billing_invoice ${matching} LIMIT 1`),
    );
    return rows.length > 0;
  },

  render(exists, { invoice_number, year, type_of_invoice }) {
    // Without a question there is no message, not even an empty one.
    if (exists === undefined) return found({ exists: false });
    const type = type_of_invoice === undefined ? '' : ` (${type_of_invoice})`;
    const message = `Invoice #${invoice_number} already exists for this business in FY ${yearName(year!)}${type}`;
    return found({ exists, message: exists ? message : '' });
  },
};

function knownType(request: ViewRequest): string | undefined {
  const type = text(request, 'type_of_invoice')?.toLowerCase();
  return type === 'outward' || type === 'inward' ? type : undefined;
}
