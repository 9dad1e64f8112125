import { customerExport } from './customer-export.js';

const row = {
  id: '3',
  name: 'Meena, Stores',
  address: null,
  gst_number: '',
  pan_number: null,
  mobile_number: '9000000001',
  state_name: 'GOA',
  created_at: '2024-04-02 09:00:00.987654+00',
  updated_at: '2024-04-03 09:00:00+00',
};

test('seconds are cut, null is empty, businesses share a cell', () => {
  const businesses = new Map([['3', [{ name: 'B' }, { name: 'A' }]]]);
  const { body } = customerExport.render({ rows: [row], businesses }, {});
  expect(String(body).split('\r\n').slice(1)).toEqual([
    '"Meena, Stores",,,,9000000001,GOA,"B, A",2024-04-02 09:00:00,2024-04-03 09:00:00',
    '',
  ]);
});

test('nobody leaves the header alone', () => {
  expect(String(customerExport.render({ rows: [], businesses: new Map() }, {}).body)).toMatch(/^Customer Name,.*\r\n$/);
});
