import { exactNumber, sum } from '../exact.js';
import { amountsOf } from '../gstr/bill.js';
import { groupBy } from '../gstr/groups.js';
import { type PortalBill } from './portal-line.js';
import { roundedNumber } from './two-digits.js';
import { unitCode } from './unit-code.js';

const LONGEST_DESCRIPTION = 30;

/** All lines by code, unit and rate, in order of first appearance. */
export function hsnRows(bills: readonly PortalBill[]) {
  const lines = bills
    .flatMap((bill) => bill.lines)
    .map((line) => ({ ...line, code: line.hsnCode.trim(), uqc: unitCode(line.unit) }));
  const groups = groupBy(lines, ({ code, uqc, percent }) => JSON.stringify([code, uqc, percent.toString()]));
  return [...groups.values()].map((same, index) => {
    const [first] = same;
    const { taxable, tax } = amountsOf(same);
    return {
      num: index + 1,
      hsn_sc: first.code,
      desc: Array.from(first.productName).slice(0, LONGEST_DESCRIPTION).join(''),
      uqc: first.uqc,
      qty: roundedNumber(sum(same.map((line) => line.quantity))),
      rt: exactNumber(first.percent),
      txval: roundedNumber(taxable),
      camt: roundedNumber(tax.cgst),
      samt: roundedNumber(tax.sgst),
      iamt: roundedNumber(tax.igst),
      csamt: 0,
    };
  });
}

export function hsnWarnings(bills: readonly PortalBill[]): readonly string[] {
  return bills.flatMap((bill) =>
    bill.lines
      .filter((line) => line.hsnCode.trim() === '')
      .map((line) => `${bill.number}: line '${line.productName}' has no HSN`),
  );
}
