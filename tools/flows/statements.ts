import { type Sql } from './original.js';

const DATES = "'2024-06-01', '2024-06-01', 1";
const FACTS = `created_at, updated_at, workspace_id, customer_id, business_id, invoice_number, total_amount, invoice_date, type_of_invoice,
  eway_bill_number, transporter_name, transporter_gstin, vehicle_number, vehicle_type, transport_mode`;

export interface Bill {
  readonly id: number;
  readonly business: number;
  readonly customer: number;
  readonly type?: 'outward' | 'inward';
  readonly number: string;
}

/** The statements of the original, one each. */
export const insertInvoice = ({ id, business, customer, type = 'outward', number }: Bill): Sql => [
  `INSERT INTO billing_invoice (id, ${FACTS})
   VALUES ($1, ${DATES}, $2, $3, $4, 0, '2024-06-01', $5, '', '', '', '', 'Regular', 'Road')`,
  id,
  customer,
  business,
  number,
  type,
];
export const setTotal = (invoice: number, total: string): Sql => [
  'UPDATE billing_invoice SET total_amount = $2 WHERE id = $1',
  invoice,
  total,
];
export const saveInvoice = (invoice: number, ewayBill: string): Sql => [
  'UPDATE billing_invoice SET eway_bill_number = $2, updated_at = clock_timestamp() WHERE id = $1',
  invoice,
  ewayBill,
];
export const history = (invoice: number): Sql => [
  `INSERT INTO billing_historicalinvoice (history_date, history_type, id, ${FACTS})
   SELECT clock_timestamp(), '~', id, ${FACTS} FROM billing_invoice WHERE id = $1`,
  invoice,
];
export const insertLine = (invoice: number, customer: number, product: string): Sql => [
  `INSERT INTO billing_lineitem (created_at, updated_at, workspace_id, customer_id, invoice_id, product_name, hsn_code, gst_tax_rate,
     quantity, rate, cgst, sgst, igst, amount, unit)
   VALUES (${DATES}, $2, $1, $3, '711319', 0.03, 1, 1000, 15, 15, 0, 1030, 'gms')`,
  invoice,
  customer,
  product,
];
export const deleteLines = (invoice: number): Sql => ['DELETE FROM billing_lineitem WHERE invoice_id = $1', invoice];
export const deleteInvoice = (invoice: number): Sql => ['DELETE FROM billing_invoice WHERE id = $1', invoice];

export const insertBusiness = (id: number): Sql => [
  `INSERT INTO billing_business (id, created_at, updated_at, workspace_id, name, address, gst_number, mobile_number, invoice_prefix,
     primary_color_theme)
   VALUES ($1, ${DATES}, $2, '', '', '', '', '#d04e00')`,
  id,
  `Business ${id}`,
];
export const insertCustomer = (id: number, name: string): Sql => [
  `INSERT INTO billing_customer (id, created_at, updated_at, workspace_id, name) VALUES ($1, ${DATES}, $2)`,
  id,
  name,
];
export const renameCustomer = (id: number, name: string): Sql => [
  'UPDATE billing_customer SET name = $2, updated_at = clock_timestamp() WHERE id = $1',
  id,
  name,
];
export const enrichCustomer = (id: number, address: string): Sql => [
  'UPDATE billing_customer SET address = $2 WHERE id = $1',
  id,
  address,
];
export const deleteCustomer = (id: number): Sql => ['DELETE FROM billing_customer WHERE id = $1', id];
export const link = (customer: number, business: number): Sql => [
  'INSERT INTO billing_customer_businesses (customer_id, business_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
  customer,
  business,
];
export const unlink = (customer: number): Sql => [
  'DELETE FROM billing_customer_businesses WHERE customer_id = $1',
  customer,
];

export const audit = (entity: string, id: number, name: string): Sql => [
  `INSERT INTO billing_auditlog (action, entity, entity_id, entity_name, user_id, details, "timestamp")
   VALUES ('updated', $1, $2, $3, 1, '', clock_timestamp())`,
  entity,
  id,
  name,
];
