import { type Query } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { ApiError, badParameter } from '../../api-error.js';
import { wholeNumber } from '../../parameters.js';
import { statement } from '../../statement.js';
import { type View, type ViewRequest } from '../../view.js';
import { found } from '../shapes/answer.js';
import { maybeText, onlyRow, text } from '../shapes/columns.js';
import { daysOfYear, yearAsked, yearName } from '../shapes/financial-year.js';

type NextNumber = {
  readonly business_id: string;
  readonly type_of_invoice: string;
  /** The financial year, so that an entry does not end with the day. */
  readonly year: number;
};
interface Data {
  readonly largest: string | null;
  readonly prefix: string;
}

/** The number to suggest for a new invoice. Two users may get the same one: the unique index decides. */
export const invoiceNextNumber: View<NextNumber, Data> = {
  name: 'invoice.next_number',
  shapeVersion: 1,
  models: ['Invoice', 'Business'],
  specimens: [{ business_id: '1', type_of_invoice: 'outward', year: 2024 }],

  params(request) {
    const business_id = wholeNumber(request, 'business_id');
    if (business_id === undefined) throw new ApiError(400, { error: 'Business ID is required' });
    return {
      business_id,
      type_of_invoice: typeAsked(request),
      year: yearAsked(request.query['invoice_date'], request.today),
    };
  },

  async load(params, query) {
    const [largest, prefix] = await Promise.all([largestNumber(params, query), prefixOf(params.business_id, query)]);
    return { largest, prefix };
  },

  render({ largest, prefix }, { year }) {
    const next = BigInt(largest ?? 0) + 1n;
    return found({ next_invoice_number: prefix === '' ? `${next}` : `${prefix}/${yearName(year)}/${next}` });
  },
};

/** Used as it is: an empty word or an unknown one matches no invoice. */
function typeAsked(request: ViewRequest): string {
  const type = request.query['type_of_invoice'] ?? 'outward';
  if (type.includes('\0')) throw badParameter('type_of_invoice');
  return type;
}

/** Of the year's numbers that are digits alone or `LETTERS/2024-25/DIGITS`; others, such as generated ones, would lead astray. */
async function largestNumber({ business_id, type_of_invoice, year }: NextNumber, query: Query): Promise<string | null> {
  const { from, to } = daysOfYear(year);
  const rows = await query(
    statement(
      'invoice.next_number.largest',
      sql`SELECT max(substring(invoice_number FROM '([0-9]+)[[:space:]]*$')::numeric) AS largest FROM billing_invoice
          WHERE business_id = ${business_id} AND type_of_invoice = ${type_of_invoice}
            AND invoice_date >= ${from} AND invoice_date <= ${to}
            AND invoice_number ~ '^([0-9]+|[A-Za-z]+/[0-9]{4}-[0-9]{2}/[0-9]+)[[:space:]]*$'`,
    ),
  );
  return maybeText(onlyRow(rows), 'largest');
}

/** The business's own prefix; else the letters of its latest number that has more than digits. */
async function prefixOf(businessId: string, query: Query): Promise<string> {
  const [business] = await query(
    statement('invoice.next_number.prefix', sql`SELECT invoice_prefix FROM billing_business WHERE id = ${businessId}`),
  );
  const own = business === undefined ? '' : text(business, 'invoice_prefix').trim();
  if (own !== '') return own;
  const [sample] = await query(
    statement(
      'invoice.next_number.sample',
      sql`SELECT invoice_number FROM billing_invoice WHERE business_id = ${businessId} AND invoice_number !~ '^[0-9]+$'
          ORDER BY id DESC LIMIT 1`,
    ),
  );
  const number = sample === undefined ? '' : text(sample, 'invoice_number');
  return /^([A-Za-z]+)\/\d{4}-\d{2}\//.exec(number)?.[1] ?? '';
}
