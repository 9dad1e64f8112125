import { type Bill, billLineOf, type BillLine } from '../gstr/bill.js';
import { type Party } from '../gstr/party.js';
import { exact } from '../exact.js';
import { portalLineOf, type PortalBill, type PortalLine } from '../portal/portal-line.js';

/** A party as a return sees it. */
export const party = (gstNumber: string, stateName = '', name = 'Meena Stores'): Party => ({
  name,
  gstNumber,
  gstin: gstNumber.trim(),
  stateName,
});

export const RAJASTHAN = party('08ABCDE1234F1Z5', 'RAJASTHAN', 'Alpha Jewels');
export const GUJARAT_GSTIN = '24ABCDE1234F1Z5';

const lineRow = {
  id: '1',
  invoice_id: '1',
  product_name: 'Gold Ring',
  hsn_code: '711319',
  gst_tax_rate: '0.0300',
  quantity: '1.000',
  rate: '100.000',
  cgst: '1.500',
  sgst: '1.500',
  igst: '0.000',
  unit: 'gms',
};
type Columns = Partial<typeof lineRow>;

export const line = (columns: Columns = {}): BillLine => billLineOf({ ...lineRow, ...columns });
export const portalLine = (columns: Columns = {}): PortalLine => portalLineOf({ ...lineRow, ...columns });

const plain = { number: 'A/1', date: '2024-05-02', total: exact('103'), business: RAJASTHAN, customer: party('') };

export const bill = (facts: Partial<Bill> = {}): Bill => ({ ...plain, lines: [line()], ...facts });
export const portalBill = (facts: Partial<PortalBill> = {}): PortalBill => ({
  ...plain,
  lines: [portalLine()],
  ...facts,
});
