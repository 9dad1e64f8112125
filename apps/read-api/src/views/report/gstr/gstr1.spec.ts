import { exact } from '../exact.js';
import { bill, GUJARAT_GSTIN, line, party } from '../testing/bills.js';
import { gstr1 } from './gstr1.js';

const registered = party(` ${GUJARAT_GSTIN}`, 'GUJARAT');
const faraway = party('', 'GUJARAT');

test('registered customers are grouped as they appear, each line an item', () => {
  const other = bill({ customer: party('27ABCDE1234F1Z5'), number: 'A/2' });
  const { b2b } = gstr1([
    bill({ customer: registered }),
    other,
    bill({ customer: registered, number: 'A/3', lines: [] }),
  ]);
  expect(b2b.map(({ ctin, inv }) => [ctin, inv.map(({ inum }) => inum)])).toEqual([
    [GUJARAT_GSTIN, ['A/1', 'A/3']],
    ['27ABCDE1234F1Z5', ['A/2']],
  ]);
  expect(b2b[0]?.inv[0]).toEqual({
    inum: 'A/1',
    idt: '02-05-2024',
    val: 103,
    // Of the number as stored, blanks and all.
    pos: ' 2',
    rchrg: 'N',
    inv_typ: 'R',
    itms: [{ num: 1, itm_det: { txval: 100, rt: 3, camt: 1.5, samt: 1.5, iamt: 0 } }],
  });
});

test('a GST number of more than fifteen characters counts as registered, one of fewer does not', () => {
  expect(gstr1([bill({ customer: party(`${GUJARAT_GSTIN}X`) })]).b2b).toHaveLength(1);
  expect(gstr1([bill({ customer: party(GUJARAT_GSTIN.slice(1)) })]).b2b).toHaveLength(0);
});

test('small sales at home are summed by rate, exactly', () => {
  const lines = [line({ rate: '0.100' }), line({ rate: '0.200' }), line({ gst_tax_rate: '0.0500', cgst: '2.500' })];
  expect(gstr1([bill({ lines }), bill({ lines: [line({ gst_tax_rate: '3.0000', rate: '0.400' })] })]).b2cs).toEqual([
    { pos: '08', rt: 3, txval: 0.7, camt: 4.5, samt: 4.5, typ: 'OE' },
    { pos: '08', rt: 5, txval: 100, camt: 2.5, samt: 1.5, typ: 'OE' },
  ]);
});

test('sales to other states are listed one by one above 100000, and below appear nowhere', () => {
  const large = { customer: faraway, total: exact('100000.001') };
  expect(gstr1([bill(large), bill(large)]).b2cl).toEqual([
    expect.objectContaining({ pos: '24' }),
    expect.objectContaining({ pos: '24' }),
  ]);
  expect(gstr1([bill(large)]).b2cl[0]?.inv[0]?.itms).toEqual([{ num: 1, itm_det: { txval: 100, rt: 3, iamt: 0 } }]);
  const small = gstr1([bill({ customer: faraway, total: exact('100000') })]);
  expect([small.b2b, small.b2cs, small.b2cl]).toEqual([[], [], []]);
  expect(small.hsn.data).toHaveLength(1);
});

test('a large sale to a state without a number is listed nowhere', () => {
  const lost = gstr1([bill({ customer: party('', 'Atlantis'), total: exact('200000') })]);
  expect([lost.b2cs, lost.b2cl]).toEqual([[], []]);
});

test('codes come in the order in which their first lines were made; no code is 0', () => {
  const sales = [
    bill({ lines: [line({ id: '7', hsn_code: '' }), line({ id: '9', hsn_code: '7113', quantity: '2.000' })] }),
    bill({ lines: [line({ id: '3', hsn_code: '7113' }), line({ id: '8', hsn_code: '0' })] }),
  ];
  expect(gstr1(sales).hsn.data).toEqual([
    { hsn_sc: '7113', qty: 3, txval: 300, camt: 3, samt: 3, iamt: 0 },
    { hsn_sc: '0', qty: 2, txval: 200, camt: 3, samt: 3, iamt: 0 },
  ]);
});
