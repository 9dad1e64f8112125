import { exact, exactNumber, sum } from '../exact.js';
import { ratePercent } from '../rate-percent.js';
import { type Amounts, amountsOf, type Bill, type BillLine, dayFirst } from './bill.js';
import { groupBy } from './groups.js';
import { firstTwo, isInterstate, lengthOf, stateCode } from './party.js';

const GSTIN_LENGTH = 15;
/** Sales above it to unregistered customers of other states are listed one by one. */
export const LARGE_SALE = exact('100000');

/** Sales, as the first monthly return groups them. Small sales to unregistered customers of other states appear nowhere. */
export function gstr1(sales: readonly Bill[]) {
  const registered = sales.filter(({ customer }) => lengthOf(customer.gstin) >= GSTIN_LENGTH);
  const others = sales.filter(({ customer }) => lengthOf(customer.gstin) < GSTIN_LENGTH);
  const isFar = ({ business, customer }: Bill): boolean => isInterstate(business, customer);
  return {
    b2b: b2b(registered),
    b2cs: b2cs(others.filter((bill) => !isFar(bill))),
    b2cl: b2cl(others.filter((bill) => isFar(bill) && bill.total > LARGE_SALE && stateCode(bill.customer) !== '')),
    hsn: { data: hsnCodes(sales.flatMap((bill) => bill.lines)) },
  };
}

function b2b(sales: readonly Bill[]) {
  return [...groupBy(sales, ({ customer }) => customer.gstin)].map(([ctin, bills]) => ({
    ctin,
    inv: bills.map((bill) => ({
      ...heading(bill),
      pos: firstTwo(bill.customer.gstNumber),
      rchrg: 'N',
      inv_typ: 'R',
      itms: bill.lines.map((line) => {
        const { txval, camt, samt, iamt } = amountShape(line);
        return { num: line.id, itm_det: { txval, rt: ratePercent(line.rate), camt, samt, iamt } };
      }),
    })),
  }));
}

function b2cs(sales: readonly Bill[]) {
  const lines = sales.flatMap((bill) =>
    bill.lines.map((line) => ({ ...line, pos: stateCode(bill.business), rt: ratePercent(line.rate) })),
  );
  return [...groupBy(lines, ({ pos, rt }) => `${pos} ${rt}`).values()].map((same) => {
    const { txval, camt, samt } = amountShape(amountsOf(same));
    const [{ pos, rt }] = same;
    return { pos, rt, txval, camt, samt, typ: 'OE' };
  });
}

function b2cl(sales: readonly Bill[]) {
  return sales.map((bill) => ({
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
  }));
}

/** In the order in which the lines were made. */
function hsnCodes(lines: readonly BillLine[]) {
  const inOrder = [...lines].sort((a, b) => a.id - b.id);
  return [...groupBy(inOrder, (line) => line.hsnCode || '0')].map(([code, same]) => ({
    hsn_sc: code,
    qty: exactNumber(sum(same.map((line) => line.quantity))),
    ...amountShape(amountsOf(same)),
  }));
}

function heading(bill: Bill) {
  return { inum: bill.number, idt: dayFirst(bill.date), val: exactNumber(bill.total) };
}

function amountShape({ taxable, tax }: Amounts) {
  return {
    txval: exactNumber(taxable),
    camt: exactNumber(tax.cgst),
    samt: exactNumber(tax.sgst),
    iamt: exactNumber(tax.igst),
  };
}
