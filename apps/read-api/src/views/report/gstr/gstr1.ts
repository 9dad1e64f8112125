import { exact, exactNumber } from '../exact.js';
import { ratePercent } from '../rate-percent.js';
import { type Bill, dayFirst } from './bill.js';
import { groupBy } from './groups.js';
import { firstTwo, isInterstate, lengthOf, type Party, stateCode } from './party.js';
import { amountShape, CodeSums, RateSums } from './running-sums.js';

const GSTIN_LENGTH = 15;
/** Sales above it to unregistered customers of other states are listed one by one. */
export const LARGE_SALE = exact('100000');

/** Sales, as the first monthly return groups them. Small sales to unregistered customers of other states appear nowhere. */
export function gstr1(sales: readonly Bill[]) {
  const registered = sales.filter(({ customer }) => isRegistered(customer));
  const others = sales.filter(({ customer }) => !isRegistered(customer));
  const [rates, codes] = [new RateSums(), new CodeSums()];
  others.filter(isAtHome).forEach((bill) => rates.add(bill));
  sales.forEach((bill) => codes.add(bill));
  return {
    b2b: [...groupBy(registered, ({ customer }) => customer.gstin)].map(([ctin, bills]) => ({
      ctin,
      inv: bills.map(registeredSale),
    })),
    b2cl: others.filter(isLargeAndFar).map(largeSale),
    b2cs: rates.shape(),
    hsn: { data: codes.shape() },
  };
}

export function isRegistered({ gstin }: Pick<Party, 'gstin'>): boolean {
  return lengthOf(gstin) >= GSTIN_LENGTH;
}

/** Of a sale to an unregistered customer. */
export function isAtHome({ business, customer }: Bill): boolean {
  return !isInterstate(business, customer);
}

/** Of a sale to an unregistered customer. */
export function isLargeAndFar({ business, customer, total }: Bill): boolean {
  return isInterstate(business, customer) && total > LARGE_SALE && stateCode(customer) !== '';
}

export function registeredSale(bill: Bill) {
  return {
    ...heading(bill),
    pos: firstTwo(bill.customer.gstNumber),
    rchrg: 'N',
    inv_typ: 'R',
    itms: bill.lines.map((line) => {
      const { txval, camt, samt, iamt } = amountShape(line);
      return { num: line.id, itm_det: { txval, rt: ratePercent(line.rate), camt, samt, iamt } };
    }),
  };
}

export function largeSale(bill: Bill) {
  return {
    pos: stateCode(bill.customer),
    inv: [
      {
        ...heading(bill),
        itms: bill.lines.map((line) => {
          const { txval, iamt } = amountShape(line);
          return { num: line.id, itm_det: { txval, rt: ratePercent(line.rate), iamt } };
        }),
      },
    ],
  };
}

function heading(bill: Bill) {
  return { inum: bill.number, idt: dayFirst(bill.date), val: exactNumber(bill.total) };
}
