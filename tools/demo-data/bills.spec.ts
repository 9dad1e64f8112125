import { bills, type Bill } from './bills.js';
import { buildWorld } from './world.js';

const all = (seed: number, invoices = 2000): Bill[] => [...bills(buildWorld({ invoices, seed }))];

describe('demo bills', () => {
  test('one seed makes the same bills each time, another seed makes others', () => {
    expect(all(1, 50)).toEqual(all(1, 50));
    expect(all(1, 50)).not.toEqual(all(2, 50));
  });

  test('an outward number occurs once in a business and an April-to-March year', () => {
    const numbers = all(1).filter((bill) => bill.outward).map((bill) => `${bill.business.id} ${bill.number}`); // prettier-ignore
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test('ids, dates and times of entry grow together', () => {
    const list = all(1);
    expect(list.map((bill) => bill.id)).toEqual(list.map((_, i) => i + 1));
    expect(list.map((bill) => bill.dateMs)).toEqual(list.map((bill) => bill.dateMs).sort((a, b) => a - b));
    expect(list.every((bill) => bill.createdMs - bill.dateMs > 0 && bill.createdMs - bill.dateMs < 86_400_000)).toBe(
      true,
    );
  });

  test('a bill is the sum of its lines, and a line the sum of goods and taxes to the paisa', () => {
    for (const { lines, total } of all(1)) {
      expect(total).toBe(lines.reduce((sum, line) => sum + line.amount, 0));
      for (const { quantity, rate, cgst, sgst, igst, amount, product } of lines) {
        const taxable = amount - cgst - sgst - igst;
        expect(Math.abs(taxable - (quantity * rate) / 1000)).toBeLessThanOrEqual(5);
        expect(Math.abs(cgst + sgst + igst - (taxable * product.tax) / 10_000)).toBeLessThanOrEqual(10);
      }
    }
  });

  test('goods that leave the state pay IGST alone, others CGST and SGST in equal halves', () => {
    for (const { business, customer, lines } of all(1)) {
      const leaves = customer.gstin !== null && customer.gstin.slice(0, 2) !== business.gstin?.slice(0, 2);
      for (const { cgst, sgst, igst } of lines) {
        expect(cgst).toBe(sgst);
        expect([igst > 0, cgst > 0]).toEqual([leaves, !leaves]);
      }
    }
  });

  test('scale one has three businesses', () => {
    expect(buildWorld({ invoices: 400, seed: 1 }).businesses).toHaveLength(3);
  });
});
