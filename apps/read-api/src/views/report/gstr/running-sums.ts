import { type Exact, exactNumber } from '../exact.js';
import { ratePercent } from '../rate-percent.js';
import { NO_TAX, sumTax } from '../tax.js';
import { type Amounts, type Bill, type BillLine } from './bill.js';
import { stateCode } from './party.js';

export const NOTHING_YET: Amounts = { taxable: 0n, tax: NO_TAX };

export function plus(a: Amounts, b: Amounts): Amounts {
  return { taxable: a.taxable + b.taxable, tax: sumTax([a.tax, b.tax]) };
}

/** Small sales to unregistered customers of the home state, by state and rate, in order of first appearance. */
export class RateSums {
  private readonly sums = new Map<string, { readonly pos: string; readonly rt: number; amounts: Amounts }>();

  add({ business, lines }: Bill): void {
    for (const line of lines) {
      const [pos, rt] = [stateCode(business), ratePercent(line.rate)];
      const key = `${pos} ${rt}`;
      const sum = this.sums.get(key);
      if (sum === undefined) this.sums.set(key, { pos, rt, amounts: plus(NOTHING_YET, line) });
      else sum.amounts = plus(sum.amounts, line);
    }
  }

  shape() {
    return [...this.sums.values()].map(({ pos, rt, amounts }) => {
      const { txval, camt, samt } = amountShape(amounts);
      return { pos, rt, txval, camt, samt, typ: 'OE' };
    });
  }
}

/** Sales by code, in the order in which the first line of each was made, whatever the order in which bills are added. */
export class CodeSums {
  private readonly sums = new Map<string, { firstLine: number; quantity: Exact; amounts: Amounts }>();

  add({ lines }: Bill): void {
    for (const line of lines) this.addLine(line);
  }

  shape() {
    return [...this.sums]
      .sort(([, a], [, b]) => a.firstLine - b.firstLine)
      .map(([code, { quantity, amounts }]) => ({
        hsn_sc: code,
        qty: exactNumber(quantity),
        ...amountShape(amounts),
      }));
  }

  private addLine(line: BillLine): void {
    const code = line.hsnCode || '0';
    const sum = this.sums.get(code);
    if (sum === undefined) {
      this.sums.set(code, { firstLine: line.id, quantity: line.quantity, amounts: plus(NOTHING_YET, line) });
      return;
    }
    sum.firstLine = Math.min(sum.firstLine, line.id);
    sum.quantity += line.quantity;
    sum.amounts = plus(sum.amounts, line);
  }
}

export function amountShape({ taxable, tax }: Amounts) {
  return {
    txval: exactNumber(taxable),
    camt: exactNumber(tax.cgst),
    samt: exactNumber(tax.sgst),
    iamt: exactNumber(tax.igst),
  };
}
