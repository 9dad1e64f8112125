import { requestTo } from '../testing/request.js';
import { where } from './conditions.js';
import { FULL_FILTER, invoiceConditions, invoiceFilter, NO_FILTER } from './invoice-filter.js';

const filterOf = (query: string) => invoiceFilter(requestTo(`/api/invoices/?${query}`));
const textOf = (query: string) => where(...invoiceConditions(filterOf(query))).text;

test('without parameters there is no filter, nor with empty ones', () => {
  expect(filterOf('')).toEqual(NO_FILTER);
  expect(filterOf('business_id=&invoice_number=&start_date=&type_of_invoice=')).toEqual(NO_FILTER);
  expect(textOf('')).toBe('');
});

test('one date alone is ignored, valid or not', () => {
  expect(filterOf('start_date=bad')).toEqual(NO_FILTER);
  expect(filterOf('end_date=2024-04-01')).toEqual(NO_FILTER);
  expect(filterOf('start_date=2024-4-1&end_date=2025-03-31')).toMatchObject({
    start_date: '2024-04-01',
    end_date: '2025-03-31',
  });
});

test.each(['start_date=bad&end_date=2024-04-01', 'business_id=abc', 'customer_id=1.0', 'invoice_number=%00'])(
  '%s is refused',
  (query) => {
    expect(() => filterOf(query)).toThrow('HTTP 400');
  },
);

test('a flag is switched on by 1 and nothing else', () => {
  expect(filterOf('empty=1&no_hsn=true&dups=2')).toEqual({ ...NO_FILTER, empty: true });
});

test('a condition is joined only when its parameter is given', () => {
  expect(textOf('business_id=5&type_of_invoice=inward')).toBe('WHERE i.business_id = $1 AND i.type_of_invoice = $2');
});

test('a number beyond 64 bits is one that no row has', () => {
  expect(filterOf('business_id=99999999999999999999').business_id).toBe('-1');
});

test('duplicates are counted among the rows that the other conditions leave', () => {
  const { text, values } = where(...invoiceConditions(FULL_FILTER));
  expect(text.match(/i\.business_id = \$\d+/g)).toHaveLength(2);
  expect(values).toHaveLength(12);
});
