import { type Exact, exactNumber } from '../exact.js';
import { lessTax, NO_TAX, type Tax, taxShape, wholeTax } from '../tax.js';
import { type OpeningCredit, openingCreditShape } from './opening-credit.js';

/** Tax on sales and on purchases. */
export interface Taxes {
  readonly output: Tax;
  readonly input: Tax;
}

export function gstr3b({ output, input }: Taxes) {
  return {
    output_tax: withTotal(output),
    input_tax_credit: withTotal(input),
    net_payable: withTotal(lessTax(output, input)),
  };
}

function withTotal(tax: Tax) {
  return { ...taxShape(tax), total: exactNumber(wholeTax(tax)) };
}

/** Table 4 of the return. The product knows no imports, reverse charges, distributors or reversals: those lines are 0. */
export function gstr3bTable4({ input }: Taxes, opening: OpeningCredit | undefined) {
  const [none, credit] = [taxShape(NO_TAX), taxShape(input)];
  const balance = openingCreditShape(opening);
  return {
    a_1_imports_goods: none,
    a_2_imports_services: none,
    a_3_rcm: none,
    a_4_isd: none,
    a_5_all_other_itc: credit,
    a_total: credit,
    b_1_non_reclaimable: none,
    b_2_reclaimable: none,
    b_total: none,
    c_net_itc: credit,
    d_1_reclaimed: none,
    d_2_ineligible: none,
    ecrrs_opening_balance: balance,
    ecrrs_closing_balance: balance,
  };
}

/** Both sides come from the same lines, so the variance is 0: sums are exact. */
export function reconciliation({ output }: Taxes) {
  const total = exactNumber(wholeTax(output));
  return { gstr1_total_tax: total, gstr3b_output_tax: total, variance: 0 };
}

export function effectiveTax({ output, input }: Taxes, opening: OpeningCredit | undefined) {
  const carried: Exact = opening === undefined ? 0n : wholeTax(opening.tax);
  const credit = carried + wholeTax(input);
  return {
    carry_forward_itc: exactNumber(carried),
    current_itc: exactNumber(wholeTax(input)),
    effective_itc: exactNumber(credit),
    effective_net_tax: exactNumber(wholeTax(output) - credit),
  };
}
