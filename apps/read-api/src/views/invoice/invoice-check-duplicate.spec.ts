import { requestTo } from '../testing/request.js';
import { invoiceCheckDuplicate } from './invoice-check-duplicate.js';

const paramsOf = (query: string) => invoiceCheckDuplicate.params(requestTo(`/?${query}`));
const bodyOf = (exists: boolean, query: string): unknown =>
  JSON.parse(String(invoiceCheckDuplicate.render(exists, paramsOf(query)).body));

test('without number or business nothing else counts, not even a bad value', () => {
  expect(paramsOf('business_id=abc')).toEqual({});
  expect(paramsOf('invoice_number=1&exclude_id=abc')).toEqual({});
  expect(bodyOf(false, 'invoice_number=1')).toEqual({ exists: false });
});

test('requests of one financial year share an entry', () => {
  const ask = 'invoice_number=1&business_id=2&invoice_date=';
  expect(paramsOf(`${ask}2024-04-01`)).toEqual(paramsOf(`${ask}2025-03-31`));
});

test('a type that is neither is ignored, in any case of letters', () => {
  const ask = 'invoice_number=1&business_id=2&type_of_invoice=';
  expect(paramsOf(`${ask}OUTWARD`)).toMatchObject({ type_of_invoice: 'outward' });
  expect(paramsOf(`${ask}other`)).toMatchObject({ type_of_invoice: undefined });
});

test('the message names number, year and type', () => {
  const ask = 'invoice_number=A/1&business_id=2&invoice_date=2024-05-01';
  expect(bodyOf(true, ask)).toEqual({
    exists: true,
    message: 'Invoice #A/1 already exists for this business in FY 2024-25',
  });
  expect(bodyOf(true, `${ask}&type_of_invoice=inward`)).toMatchObject({
    message: expect.stringMatching(/FY 2024-25 \(inward\)$/) as string,
  });
  expect(bodyOf(false, ask)).toEqual({ exists: false, message: '' });
});
