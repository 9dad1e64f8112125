import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { pathId } from '../../parameters.js';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { found } from '../shapes/answer.js';
import { maybeText, number, text, time } from '../shapes/columns.js';

/** `shown` is the number as the message prints it, also where it is too great to be an id. */
type LedgerGet = { readonly business_id: string; readonly shown: string };
interface Data {
  readonly isBusiness: boolean;
  readonly row: SourceRow | undefined;
}

/** Unlike the original, a reading makes no row: a business without one shows zeros. */
export const ledgerGet: View<LedgerGet, Data> = {
  name: 'ledger.get',
  shapeVersion: 1,
  models: ['default', 'Business'],
  specimens: [{ business_id: '1', shown: '1' }],
  params: (request) => ({
    business_id: pathId(request, 'business_id'),
    shown: BigInt(request.path['business_id'] ?? 0).toString(),
  }),

  async load({ business_id }, query) {
    const [business] = await query(
      statement('ledger.get.business', sql`SELECT id FROM billing_business WHERE id = ${business_id}`),
    );
    if (business === undefined) return { isBusiness: false, row: undefined };
    const [row] = await query(
      statement(
        'ledger.get.row',
        sql`SELECT id, business_id, opening_cgst, opening_sgst, opening_igst, opening_as_of, created_at, updated_at
            FROM billing_itcreclaimledger WHERE business_id = ${business_id}`,
      ),
    );
    return { isBusiness: true, row };
  },

  render({ isBusiness, row }, { business_id, shown }) {
    if (!isBusiness) return { status: 404, body: JSON.stringify({ error: `Business ${shown} not found` }) };
    return found(row === undefined ? emptyLedger(Number(business_id)) : ledgerShape(row));
  },
};

function ledgerShape(row: SourceRow) {
  return {
    id: number(row, 'id'),
    business: number(row, 'business_id'),
    opening_cgst: text(row, 'opening_cgst'),
    opening_sgst: text(row, 'opening_sgst'),
    opening_igst: text(row, 'opening_igst'),
    opening_as_of: maybeText(row, 'opening_as_of'),
    created_at: time(row, 'created_at'),
    updated_at: time(row, 'updated_at'),
  };
}

function emptyLedger(business: number) {
  const zeros = { opening_cgst: '0.00', opening_sgst: '0.00', opening_igst: '0.00' };
  return { id: null, business, ...zeros, opening_as_of: null, created_at: null, updated_at: null };
}
