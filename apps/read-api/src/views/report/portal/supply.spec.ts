import { exact } from '../exact.js';
import { GUJARAT_GSTIN, party, portalBill, portalLine } from '../testing/bills.js';
import { supplyOf } from './supply.js';

const faraway = party('', 'GUJARAT');
const clean = portalLine({ cgst: '0.000', sgst: '0.000', igst: '3.000' });

test('a bill without a number, or without lines, is left out and says so', () => {
  expect(supplyOf(portalBill({ number: '', lines: [] }))).toEqual({
    section: 'skipped',
    why: '(no number) / 2024-05-02: missing invoice number or date',
  });
  expect(supplyOf(portalBill({ lines: [] }))).toEqual({ section: 'skipped', why: 'A/1 / 2024-05-02: no line items' });
});

test('exactly fifteen characters make a registered customer, in capitals', () => {
  const customer = party(` ${GUJARAT_GSTIN.toLowerCase()} `);
  expect(supplyOf(portalBill({ customer }))).toMatchObject({ section: 'b2b', ctin: GUJARAT_GSTIN, pos: '24' });
  expect(supplyOf(portalBill({ customer: party(`${GUJARAT_GSTIN}X`) }))).toMatchObject({ section: 'b2cs' });
});

test('a sale to another state goes by its size', () => {
  const lines = [clean];
  expect(supplyOf(portalBill({ customer: faraway, total: exact('100000.001'), lines }))).toMatchObject({
    section: 'b2cl',
    pos: '24',
    warnings: [],
  });
  expect(supplyOf(portalBill({ customer: faraway, total: exact('100000'), lines }))).toMatchObject({
    section: 'b2cs',
    type: 'INTER',
    pos: '24',
    warnings: [],
  });
});

test('another state without a number is filed at home, with a warning', () => {
  expect(
    supplyOf(portalBill({ customer: party('', 'Atlantis'), total: exact('200000'), lines: [clean] })),
  ).toMatchObject({
    section: 'b2cs',
    type: 'INTRA',
    pos: '08',
    warnings: [
      'A/1 / 2024-05-02: inter-state but customer state unknown — filed as intra-state',
      'A/1 / 2024-05-02: intra-state supply carries IGST — run fix_tax_heads',
    ],
  });
});

test('the wrong kind of tax is warned of once for each rate', () => {
  const lines = [portalLine(), portalLine(), portalLine({ gst_tax_rate: '0.0500' }), clean];
  const supply = supplyOf(portalBill({ customer: faraway, lines }));
  expect(supply).toMatchObject({
    warnings: Array(2).fill('A/1 / 2024-05-02: inter-state supply carries CGST/SGST — run fix_tax_heads') as string[],
  });
});

test('lines are summed by exact rate, in the order of the bill', () => {
  const lines = [
    portalLine({ gst_tax_rate: '0.0500' }),
    portalLine({ gst_tax_rate: '0.0300' }),
    portalLine({ gst_tax_rate: '5.0000' }),
  ];
  expect(supplyOf(portalBill({ lines }))).toMatchObject({
    rates: [
      { percent: exact('5'), taxable: exact('200') },
      { percent: exact('3'), taxable: exact('100') },
    ],
  });
});
