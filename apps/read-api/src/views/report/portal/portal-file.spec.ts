import { exact } from '../exact.js';
import { GUJARAT_GSTIN, party, portalBill, portalLine, RAJASTHAN } from '../testing/bills.js';
import { portalFile } from './portal-file.js';

const fileOf = (...bills: Parameters<typeof portalFile>[2][number][]) => portalFile(RAJASTHAN, '2024-05', bills);
const small = { cgst: '0.005', sgst: '0.005', rate: '0.005', quantity: '1.000' };

test('sections without rows are left out, since the portal refuses them', () => {
  expect(fileOf()).toEqual({
    file: { gstin: RAJASTHAN.gstin, fp: '052024', version: 'GST3.2.1', hash: 'hash' },
    meta: {
      business: 'Alpha Jewels',
      gstin: RAJASTHAN.gstin,
      fp: '052024',
      invoice_counts: { b2b: 0, b2cl: 0, b2cs: 0 },
      taxable_total: 0,
      skipped: [],
      warnings: [],
    },
  });
});

test('small sales are added up before they are rounded', () => {
  const lines = [portalLine(small), portalLine(small), portalLine(small)];
  expect(fileOf(portalBill({ lines })).file).toMatchObject({
    b2cs: [{ sply_ty: 'INTRA', pos: '08', typ: 'OE', rt: 3, txval: 0.02, camt: 0.02, samt: 0.02, csamt: 0 }],
  });
});

test('a small sale to another state shows IGST alone', () => {
  const lines = [portalLine({ cgst: '0.000', sgst: '0.000', igst: '3.005' })];
  expect(fileOf(portalBill({ customer: party('', 'GUJARAT'), lines })).file).toMatchObject({
    b2cs: [{ sply_ty: 'INTER', pos: '24', typ: 'OE', rt: 3, txval: 100, iamt: 3, csamt: 0 }],
  });
});

test('sales to registered customers have one rounded item for each rate, the lowest first', () => {
  const lines = [portalLine({ gst_tax_rate: '0.2800' }), portalLine(small), portalLine({ gst_tax_rate: '28.0000' })];
  const { file, meta } = fileOf(portalBill({ customer: party(GUJARAT_GSTIN), lines, total: exact('206.125') }));
  expect(file).toMatchObject({
    b2b: [
      {
        ctin: GUJARAT_GSTIN,
        inv: [
          {
            inum: 'A/1',
            idt: '02-05-2024',
            val: 206.12,
            pos: '24',
            rchrg: 'N',
            inv_typ: 'R',
            itms: [
              { num: 1, itm_det: { txval: 0, rt: 3, camt: 0, samt: 0, iamt: 0, csamt: 0 } },
              { num: 2, itm_det: { txval: 200, rt: 28, camt: 3, samt: 3, iamt: 0, csamt: 0 } },
            ],
          },
        ],
      },
    ],
  });
  expect(meta).toMatchObject({ invoice_counts: { b2b: 1, b2cl: 0, b2cs: 0 }, taxable_total: 200 });
});

test('large sales to one state share a row', () => {
  const large = { customer: party('', 'GUJARAT'), total: exact('100001'), lines: [portalLine({ igst: '3.000' })] };
  const { file } = fileOf(portalBill(large), portalBill({ ...large, number: 'A/2' }));
  expect(file).toMatchObject({ b2cl: [{ pos: '24', inv: [{ inum: 'A/1' }, { inum: 'A/2' }] }] });
  expect(JSON.stringify(file)).toContain('"itm_det":{"txval":100,"rt":3,"iamt":3,"csamt":0}');
});

test('codes are listed by code, unit and rate, described by their first line', () => {
  const lines = [
    portalLine({ hsn_code: ' 7113 ', product_name: 'A ring of gold with a very long name', unit: 'gm' }),
    portalLine({ hsn_code: '7113', unit: 'GMS', quantity: '0.125', rate: '8.000' }),
    portalLine({ hsn_code: '7113', unit: 'pcs' }),
  ];
  const { file } = fileOf(portalBill({ lines }), portalBill({ number: '', lines }));
  expect(file.hsn?.data.map(({ num, desc, uqc, qty, txval }) => [num, desc, uqc, qty, txval])).toEqual([
    [1, 'A ring of gold with a very lon', 'GMS', 1.12, 101],
    [2, 'Gold Ring', 'PCS', 1, 100],
  ]);
});

test('warnings of lines follow those of bills', () => {
  const lines = [portalLine({ hsn_code: ' ', igst: '1.000' })];
  const { meta } = fileOf(portalBill({ lines }), portalBill({ number: 'A/2', lines }), portalBill({ number: '' }));
  expect(meta.warnings).toEqual([
    'A/1 / 2024-05-02: intra-state supply carries IGST — run fix_tax_heads',
    'A/2 / 2024-05-02: intra-state supply carries IGST — run fix_tax_heads',
    "A/1: line 'Gold Ring' has no HSN",
    "A/2: line 'Gold Ring' has no HSN",
  ]);
  expect(meta.skipped).toEqual(['(no number) / 2024-05-02: missing invoice number or date']);
});
