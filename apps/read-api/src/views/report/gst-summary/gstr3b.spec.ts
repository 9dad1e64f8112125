import { type Tax, taxOf } from '../tax.js';
import { effectiveTax, gstr3b, gstr3bTable4, reconciliation } from './gstr3b.js';

const tax = (cgst: string, sgst: string, igst: string): Tax => taxOf({ cgst, sgst, igst });
const taxes = { output: tax('10.100', '10.100', '5.000'), input: tax('1.000', '1.000', '30.000') };
const opening = { tax: tax('2.50', '0.00', '0.50'), asOf: '2024-04-01', businesses: 1, configured: true };

test('what is payable may be less than nothing', () => {
  expect(gstr3b(taxes)).toMatchObject({
    output_tax: { total: 25.2 },
    input_tax_credit: { total: 32 },
    net_payable: { cgst: 9.1, sgst: 9.1, igst: -25, total: -6.8 },
  });
});

test('credit brought forward counts with that of the period', () => {
  expect(effectiveTax(taxes, opening)).toEqual({
    carry_forward_itc: 3,
    current_itc: 32,
    effective_itc: 35,
    effective_net_tax: -9.8,
  });
  expect(effectiveTax(taxes, undefined)).toMatchObject({ carry_forward_itc: 0, effective_itc: 32 });
});

test('table 4 has purchases in three places and the opening balance in two', () => {
  const table = gstr3bTable4(taxes, opening);
  const input = { cgst: 1, sgst: 1, igst: 30 };
  expect([table.a_5_all_other_itc, table.a_total, table.c_net_itc]).toEqual([input, input, input]);
  expect(table.b_total).toEqual({ cgst: 0, sgst: 0, igst: 0 });
  expect(table.ecrrs_opening_balance).toEqual({
    cgst: 2.5,
    sgst: 0,
    igst: 0.5,
    total: 3,
    as_of: '2024-04-01',
    business_count: 1,
    configured: true,
  });
  expect(table.ecrrs_closing_balance).toEqual(table.ecrrs_opening_balance);
  expect(gstr3bTable4(taxes, undefined).ecrrs_opening_balance).toBeNull();
});

test('both returns agree', () => {
  expect(reconciliation(taxes)).toEqual({ gstr1_total_tax: 25.2, gstr3b_output_tax: 25.2, variance: 0 });
});
