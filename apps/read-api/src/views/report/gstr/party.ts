import { type SourceRow } from '@freshet/cache-engine';
import { maybeText, text } from '../../shapes/columns.js';
import { STATE_CODES } from './state-codes.js';

/** A business or a customer, as a return sees them. */
export interface Party {
  readonly name: string;
  /** As stored. */
  readonly gstNumber: string;
  /** Without blanks at the ends. */
  readonly gstin: string;
  readonly stateName: string;
}

/** @param row of `name`, `gst_number`, `state_name` */
export function partyOf(row: SourceRow): Party {
  const gstNumber = maybeText(row, 'gst_number') ?? '';
  return {
    name: text(row, 'name'),
    gstNumber,
    gstin: gstNumber.trim(),
    stateName: maybeText(row, 'state_name') ?? '',
  };
}

/** By GST numbers where both have a state in them, else by the names of the states, where both are known. */
export function isInterstate(business: Party, customer: Party): boolean {
  const [seller, buyer] = [stateDigits(business), stateDigits(customer)];
  if (seller !== undefined && buyer !== undefined) return seller !== buyer;
  const [home, away] = [business.stateName.trim().toUpperCase(), customer.stateName.trim().toUpperCase()];
  return home !== '' && away !== '' && home !== away;
}

/** `''` when unknown. */
export function stateCode(party: Party): string {
  return stateDigits(party) ?? STATE_CODES.get(party.stateName.toUpperCase()) ?? '';
}

function stateDigits({ gstin }: Party): string | undefined {
  return lengthOf(gstin) < 2 ? undefined : firstTwo(gstin);
}

/** Characters, not code units. */
export function firstTwo(text: string): string {
  return Array.from(text.slice(0, 4)).slice(0, 2).join('');
}

export function lengthOf(text: string): number {
  return Array.from(text).length;
}
