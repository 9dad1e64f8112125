import sql from 'sql-template-tag';
import { text, wholeNumber } from '../../parameters.js';
import { statement } from '../../statement.js';
import { type View, type ViewRequest } from '../../view.js';
import { found } from '../shapes/answer.js';
import { given, where } from '../shapes/conditions.js';
import { daysOfYear, yearAsked, yearName } from '../shapes/financial-year.js';

type Question = {
  readonly invoice_number: string;
  readonly business_id: string;
  /** The financial year, so that an entry does not end with the day. */
  readonly year: number;
  readonly type_of_invoice: string | undefined;
  readonly exclude_id: string | undefined;
};
/** Without number or business nothing is looked for, and nothing else counts. */
type CheckDuplicate = Question | { readonly [name in keyof Question]?: never };

export const invoiceCheckDuplicate: View<CheckDuplicate, boolean> = {
  name: 'invoice.check_duplicate',
  shapeVersion: 1,
  models: ['Invoice'],
  specimens: [
    {},
    { invoice_number: '1', business_id: '1', year: 2024, type_of_invoice: undefined, exclude_id: undefined },
    { invoice_number: '1', business_id: '1', year: 2024, type_of_invoice: 'outward', exclude_id: '1' },
  ],

  params(request) {
    const invoice_number = text(request, 'invoice_number');
    if (invoice_number === undefined) return {};
    const business_id = wholeNumber(request, 'business_id');
    if (business_id === undefined) return {};
    return {
      invoice_number,
      business_id,
      year: yearAsked(request.query['invoice_date'], request.today),
      type_of_invoice: knownType(request),
      exclude_id: wholeNumber(request, 'exclude_id'),
    };
  },

  async load(asked, query) {
    if (asked.invoice_number === undefined) return false;
    const { from, to } = daysOfYear(asked.year);
    const matching = where(
      sql`business_id = ${asked.business_id}`,
      sql`invoice_number = ${asked.invoice_number}`,
      sql`invoice_date >= ${from}`,
      sql`invoice_date <= ${to}`,
      given(asked.type_of_invoice, (type) => sql`type_of_invoice = ${type}`),
      given(asked.exclude_id, (id) => sql`id <> ${id}`),
    );
    const rows = await query(
      statement('invoice.check_duplicate', sql`SELECT 1 AS found FROM billing_invoice ${matching} LIMIT 1`),
    );
    return rows.length > 0;
  },

  render(exists, asked) {
    // Without a question there is no message, not even an empty one.
    return found(
      asked.invoice_number === undefined ? { exists: false } : { exists, message: exists ? warning(asked) : '' },
    );
  },
};

function warning({ invoice_number, year, type_of_invoice }: Question): string {
  const type = type_of_invoice === undefined ? '' : ` (${type_of_invoice})`;
  return `Invoice #${invoice_number} already exists for this business in FY ${yearName(year)}${type}`;
}

function knownType(request: ViewRequest): string | undefined {
  const type = text(request, 'type_of_invoice')?.toLowerCase();
  return type === 'outward' || type === 'inward' ? type : undefined;
}
