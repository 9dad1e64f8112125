import { exactNumber } from '../exact.js';
import { lessTax, NO_TAX, type Tax, taxShape } from '../tax.js';
import { type Amounts } from './bill.js';

/** Sales against purchases, as the second monthly return has them. */
export function gstr3b(sales: Amounts, purchases: Amounts) {
  return {
    sup_details: { osup_det: { txval: exactNumber(sales.taxable), ...amounts(sales.tax) } },
    itc_elg: { itc_avl: [{ ty: 'OTH', ...amounts(purchases.tax) }] },
    intr_ltfee: { intr_details: amounts(NO_TAX) },
    tax_pmt: taxShape(lessTax(sales.tax, purchases.tax)),
  };
}

function amounts({ cgst, sgst, igst }: Tax) {
  return { iamt: exactNumber(igst), camt: exactNumber(cgst), samt: exactNumber(sgst) };
}
