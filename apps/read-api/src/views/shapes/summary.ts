import { type Query, type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { statement } from '../../statement.js';
import { roundHalfEven } from '../../values.js';
import { maybeText, onlyRow } from './columns.js';

/** Sums over the lines of one invoice: all but the count are NULL without lines. */
export async function lineSums(invoiceId: string, query: Query): Promise<SourceRow> {
  const rows = await query(
    statement(
      'invoice.line_sums',
      sql`SELECT count(*) AS total_items, sum(quantity * rate) AS amount_without_tax, sum(cgst) AS total_cgst_tax,
            sum(sgst) AS total_sgst_tax, sum(igst) AS total_igst_tax, sum(cgst + sgst + igst) AS total_tax, sum(amount) AS amount
          FROM billing_lineitem WHERE invoice_id = ${invoiceId}`,
    ),
  );
  return onlyRow(rows);
}

/** The sum of an invoice in whole rupees, and what was taken off or added. */
export interface RoundedSum {
  readonly rupees: bigint;
  /** `-0.425` for a rest taken off, `+0.409` for what was added; `-0` without lines. */
  readonly roundOff: string;
}

const RUPEE = 1000n;

/** A rest below a half is taken off, downwards; a negative rest too, and then carries two signs. */
export function roundedSum(sums: SourceRow): RoundedSum {
  const amount = maybeText(sums, 'amount');
  if (amount === null) return { rupees: 0n, roundOff: '-0' };
  const thousandths = BigInt(roundHalfEven(amount, 3).replace('.', ''));
  const whole = thousandths / RUPEE;
  const rest = thousandths % RUPEE;
  if (2n * rest >= RUPEE) return { rupees: whole + 1n, roundOff: `+${threeDigits(RUPEE - rest)}` };
  return { rupees: rest < 0n ? whole - 1n : whole, roundOff: `-${threeDigits(rest)}` };
}

function threeDigits(thousandths: bigint): string {
  const size = thousandths < 0n ? -thousandths : thousandths;
  return `${thousandths < 0n ? '-' : ''}${size / RUPEE}.${String(size % RUPEE).padStart(3, '0')}`;
}
