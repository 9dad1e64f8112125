import { exactNumber } from '../exact.js';
import { wholeTax } from '../tax.js';
import { amountsOf, type Bill, dayFirst } from './bill.js';

/** Purchases, one by one. */
export function gstr2b(purchases: readonly Bill[]) {
  return { inward_invoices: purchases.map(purchase) };
}

export function purchase(bill: Bill) {
  const { taxable, tax } = amountsOf(bill.lines);
  return {
    invoice_number: bill.number,
    invoice_date: dayFirst(bill.date),
    supplier_name: bill.customer.name,
    supplier_gstin: bill.customer.gstNumber,
    taxable_value: exactNumber(taxable),
    tax_amount: exactNumber(wholeTax(tax)),
    total: exactNumber(bill.total),
  };
}
