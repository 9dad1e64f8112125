import { productHsnUsage } from './product-hsn-usage.js';

const variant = {
  lines: '3',
  quantity: '11.300',
  amount: '151339.002',
  first_used: '2024-05-01',
  last_used: '2025-02-15',
};
const bodyOf = (hsnCodes: readonly string[]): unknown => {
  const variants = hsnCodes.map((hsn_code) => ({ ...variant, hsn_code }));
  const data = { product: { name: 'Gold Ring', hsn_code: ' 711319 ' }, variants };
  return JSON.parse(String(productHsnUsage.render(data, { id: '1' }).body));
};

test('codes are compared without the blanks around them, but shown as stored', () => {
  expect(bodyOf(['711319', ' 711319', '7113'])).toMatchObject({
    catalog_hsn: '711319',
    variants: [
      { hsn_code: '711319', matches_catalog: true, lines: 3, quantity: 11.3, amount: 151339.002 },
      { hsn_code: ' 711319', matches_catalog: true },
      { hsn_code: '7113', matches_catalog: false },
    ],
  });
});

test('a product that does not exist is an answer, stored like any other', () => {
  expect(productHsnUsage.render(undefined, { id: '9' })).toEqual({
    status: 404,
    body: '{"detail":"No Product matches the given query."}',
  });
});
