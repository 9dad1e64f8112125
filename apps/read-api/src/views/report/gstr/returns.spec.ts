import { bill, line, party } from '../testing/bills.js';
import { amountsOf, dayFirst } from './bill.js';
import { gstr2b } from './gstr2b.js';
import { gstr3b } from './gstr3b.js';

test('sales, purchases and what is to be paid', () => {
  const sales = amountsOf([line({ cgst: '9.000', sgst: '8.000', igst: '1.000' })]);
  const purchases = amountsOf([line({ cgst: '2.000', sgst: '10.000', igst: '0.000' })]);
  expect(gstr3b(sales, purchases)).toEqual({
    sup_details: { osup_det: { txval: 100, camt: 9, samt: 8, iamt: 1 } },
    itc_elg: { itc_avl: [{ ty: 'OTH', iamt: 0, camt: 2, samt: 10 }] },
    intr_ltfee: { intr_details: { iamt: 0, camt: 0, samt: 0 } },
    tax_pmt: { cgst: 7, sgst: -2, igst: 1 },
  });
});

test('a purchase shows its supplier as stored, and zeros without lines', () => {
  const supplier = party(' 24x', '', 'Anil');
  expect(gstr2b([bill({ customer: supplier, lines: [line(), line()] }), bill({ lines: [] })]).inward_invoices).toEqual([
    {
      invoice_number: 'A/1',
      invoice_date: '02-05-2024',
      supplier_name: 'Anil',
      supplier_gstin: ' 24x',
      taxable_value: 200,
      tax_amount: 6,
      total: 103,
    },
    expect.objectContaining({ supplier_gstin: '', taxable_value: 0, tax_amount: 0 }),
  ]);
});

test('days come first', () => {
  expect(dayFirst('2024-05-02')).toBe('02-05-2024');
});
