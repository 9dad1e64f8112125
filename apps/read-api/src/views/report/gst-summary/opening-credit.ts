import { type Query } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { statement } from '../../../statement.js';
import { maybeText, number, onlyRow } from '../../shapes/columns.js';
import { exactNumber } from '../exact.js';
import { type Tax, taxOf, taxShape, wholeTax } from '../tax.js';

/** Tax credit brought forward, of one business or of all. */
export interface OpeningCredit {
  readonly tax: Tax;
  readonly asOf: string | null;
  /** How many businesses have any. */
  readonly businesses: number;
  readonly configured: boolean;
}

/** Dates play no part in it. @param businessId absent or 0 for all businesses; one without a row has undefined */
export async function openingCredit(businessId: string | undefined, query: Query): Promise<OpeningCredit | undefined> {
  return businessId === undefined || businessId === '0' ? creditOfAll(query) : creditOf(businessId, query);
}

async function creditOf(businessId: string, query: Query): Promise<OpeningCredit | undefined> {
  const [row] = await query(
    statement(
      'report.gst_summary.opening_of_one',
      sql`SELECT opening_cgst AS cgst, opening_sgst AS sgst, opening_igst AS igst, opening_as_of
          FROM billing_itcreclaimledger WHERE business_id = ${businessId}`,
    ),
  );
  if (row === undefined) return undefined;
  return { tax: taxOf(row), asOf: maybeText(row, 'opening_as_of'), businesses: 1, configured: true };
}

async function creditOfAll(query: Query): Promise<OpeningCredit> {
  const rows = await query(
    statement(
      'report.gst_summary.opening_of_all',
      sql`SELECT sum(opening_cgst) AS cgst, sum(opening_sgst) AS sgst, sum(opening_igst) AS igst,
            count(*) FILTER (WHERE opening_cgst <> 0 OR opening_sgst <> 0 OR opening_igst <> 0) AS businesses
          FROM billing_itcreclaimledger`,
    ),
  );
  const row = onlyRow(rows);
  const businesses = number(row, 'businesses');
  return { tax: taxOf(row), asOf: null, businesses, configured: businesses > 0 };
}

export function openingCreditShape(opening: OpeningCredit | undefined) {
  if (opening === undefined) return null;
  return {
    ...taxShape(opening.tax),
    total: exactNumber(wholeTax(opening.tax)),
    as_of: opening.asOf,
    business_count: opening.businesses,
    configured: opening.configured,
  };
}
