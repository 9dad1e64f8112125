import { type Exact } from '../exact.js';
import { type Amounts, amountsOf } from '../gstr/bill.js';
import { LARGE_SALE } from '../gstr/gstr1.js';
import { groupBy } from '../gstr/groups.js';
import { firstTwo, isInterstate, lengthOf, stateCode } from '../gstr/party.js';
import { type PortalBill } from './portal-line.js';

/** The lines of one bill at one rate. */
export interface RateSum extends Amounts {
  readonly percent: Exact;
}

interface Filed {
  readonly bill: PortalBill;
  /** In the order in which the rates appear on the bill. */
  readonly rates: readonly RateSum[];
  readonly warnings: readonly string[];
  /** Where the goods go, by the state's code. */
  readonly pos: string;
}

/** In which section of the file a bill goes. */
export type Supply =
  | { readonly section: 'skipped'; readonly why: string }
  | (Filed & { readonly section: 'b2b'; readonly ctin: string })
  | (Filed & { readonly section: 'b2cl' })
  | (Filed & { readonly section: 'b2cs'; readonly type: 'INTER' | 'INTRA' });

export type SupplyOf<S extends Supply['section']> = Extract<Supply, { section: S }>;

const GSTIN_LENGTH = 15;

export function supplyOf(bill: PortalBill): Supply {
  const label = `${bill.number || '(no number)'} / ${bill.date}`;
  if (bill.number === '') return { section: 'skipped', why: `${label}: missing invoice number or date` };
  if (bill.lines.length === 0) return { section: 'skipped', why: `${label}: no line items` };
  const rates = rateSums(bill);
  const ctin = bill.customer.gstin.toUpperCase();
  return lengthOf(ctin) === GSTIN_LENGTH
    ? { section: 'b2b', bill, rates, ctin, pos: firstTwo(ctin), warnings: [] }
    : unregistered(bill, rates, label);
}

function unregistered(bill: PortalBill, rates: readonly RateSum[], label: string): Supply {
  const far = isInterstate(bill.business, bill.customer);
  const theirs = stateCode(bill.customer);
  const type = far && theirs !== '' ? 'INTER' : 'INTRA';
  if (type === 'INTER' && bill.total > LARGE_SALE) return { section: 'b2cl', bill, rates, pos: theirs, warnings: [] };
  const lost = far && theirs === '' ? [`${label}: inter-state but customer state unknown — filed as intra-state`] : [];
  return {
    section: 'b2cs',
    type,
    bill,
    rates,
    pos: type === 'INTER' ? theirs : stateCode(bill.business),
    warnings: [...lost, ...wrongHeads(type, rates, label)],
  };
}

function wrongHeads(type: 'INTER' | 'INTRA', rates: readonly RateSum[], label: string): readonly string[] {
  const isWrong = ({ tax }: RateSum): boolean =>
    type === 'INTRA' ? tax.igst !== 0n : tax.cgst !== 0n || tax.sgst !== 0n;
  const what = type === 'INTRA' ? 'intra-state supply carries IGST' : 'inter-state supply carries CGST/SGST';
  return rates.filter(isWrong).map(() => `${label}: ${what} — run fix_tax_heads`);
}

function rateSums({ lines }: PortalBill): readonly RateSum[] {
  return [...groupBy(lines, (line) => line.percent)].map(([percent, same]) => ({ percent, ...amountsOf(same) }));
}
