import type { Client } from 'pg';
import { type Face, RowHistory } from './row-history.js';

export const WRITERS = 4;
const INVOICES_A_WRITER = 6;
const CUSTOMERS_A_WRITER = 2;
export const BUSINESSES = 2;
/** Where each writer notes its last transaction; no view reads it, and the log does not carry it. */
export const MARKS = 'freshet_fault_marks';

export interface Invoice {
  readonly id: number;
  readonly owner: number;
  readonly business: number;
  readonly row: RowHistory;
}

export interface Party {
  readonly id: number;
  readonly owner: number;
  readonly row: RowHistory;
}

/**
 * A small hot set of rows. Each row belongs to one writer, so that its versions have an order; a page shows rows of several. Versions can
 * be read off every answer: an invoice's is its amount, a party's is in its name, an edit's is in the names of the lines.
 */
export class Scene {
  readonly invoices: readonly Invoice[] = numbers(WRITERS * INVOICES_A_WRITER).map((id) => ({
    id,
    owner: id % WRITERS,
    business: (id % BUSINESSES) + 1,
    row: new RowHistory(`invoice ${id}`),
  }));
  readonly customers: readonly Party[] = numbers(WRITERS * CUSTOMERS_A_WRITER).map((id) => ({
    id,
    owner: id % WRITERS,
    row: new RowHistory(`customer ${id}`),
  }));
  readonly businesses: readonly Party[] = numbers(BUSINESSES).map((id) => ({
    id,
    owner: id,
    row: new RowHistory(`business ${id}`),
  }));

  /** A table of one writer's own, filled row by row and emptied at a stroke. */
  readonly journal = { owner: 0, row: new RowHistory('journal') };

  customersOf(writer: number): readonly Party[] {
    return this.customers.filter(({ owner }) => owner === writer);
  }

  /** Puts the first version of everything into an empty database. */
  async seed(client: Client, nowMs: number): Promise<void> {
    const first = (row: RowHistory, face: Face): void => row.commit(row.begin(face, 'seed', nowMs), nowMs);
    const alone = { there: true, customer: 0, linesOf: 0, lineCount: 0 };
    for (const { row } of [...this.customers, ...this.businesses, this.journal]) first(row, alone);
    for (const { row, owner } of this.invoices) {
      first(row, { there: true, customer: this.customersOf(owner)[0]?.id ?? 0, linesOf: 1, lineCount: 1 });
    }
    await client.query(`TRUNCATE ${TABLES.join(', ')} CASCADE`);
    await client.query(MARKS_TABLE);
    await client.query(ACCOUNTS);
    for (const { id } of this.businesses) await client.query(insertBusiness(id));
    for (const { id } of this.customers) await client.query(insertCustomer(id));
    for (const invoice of this.invoices) {
      await client.query(saveInvoice(invoice, 1));
      await client.query(insertLines(invoice.id, invoice.row.face));
    }
  }
}

const TABLES = [
  'billing_lineitem',
  'billing_invoice',
  'billing_customer_businesses',
  'billing_customer',
  'billing_business',
  'billing_product',
  'billing_auditlog',
  'auth_user_groups',
  'auth_user',
  'auth_group',
];

const MARKS_TABLE = `
DROP TABLE IF EXISTS ${MARKS};
CREATE TABLE ${MARKS} AS SELECT owner, 0 AS mark FROM generate_series(0, ${WRITERS - 1}) AS owner`;

const ACCOUNTS = `
INSERT INTO auth_group (id, name) VALUES (1, 'admin');
INSERT INTO auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)
VALUES (1, '', false, 'asha', 'Asha', 'Rao', 'asha@books.example', false, true, '2024-04-01');
INSERT INTO auth_user_groups (user_id, group_id) VALUES (1, 1)`;

/** A party's name carries its version: `customer 3 v17`. */
export const nameOf = (row: RowHistory, version: number): string => `${row.name} v${version}`;
export const lineName = (edit: number): string => `line v${edit}`;

const insertBusiness = (id: number): string => `
INSERT INTO billing_business (id, created_at, updated_at, workspace_id, name, address, gst_number, mobile_number, invoice_prefix, primary_color_theme)
VALUES (${id}, '2024-04-01', '2024-04-01', 1, 'business ${id} v1', '4 Ring Road', '08AAAPN1234C1Z5', '9000000001', 'B${id}', '#d04e00')`;

const insertCustomer = (id: number): string => `
INSERT INTO billing_customer (id, created_at, updated_at, workspace_id, name, gst_number)
VALUES (${id}, '2024-04-02', '2024-04-02', 1, 'customer ${id} v1', '08BBBPM1234C1Z5');
INSERT INTO billing_customer_businesses (customer_id, business_id) VALUES (${id}, ${(id % BUSINESSES) + 1})`;

/** Inserts the invoice, or updates it where it is there. */
export const saveInvoice = ({ id, business, row }: Invoice, version: number, { customer } = row.face): string => `
INSERT INTO billing_invoice (id, created_at, updated_at, workspace_id, customer_id, business_id, invoice_number, total_amount, invoice_date,
  type_of_invoice, eway_bill_number, transporter_name, transporter_gstin, vehicle_number, vehicle_type, transport_mode)
VALUES (${id}, now(), now(), 1, ${customer}, ${business}, 'B/2024-25/${id}', ${version}, '2024-05-01', 'outward', '', '', '', '', 'Regular', 'Road')
ON CONFLICT (id) DO UPDATE SET total_amount = excluded.total_amount, customer_id = excluded.customer_id, updated_at = now()`;

/** The id is left to the database: lines written anew are new lines. */
export const insertLines = (invoice: number, { customer, linesOf, lineCount }: Face): string => `
INSERT INTO billing_lineitem (created_at, updated_at, workspace_id, customer_id, invoice_id, product_name, hsn_code, gst_tax_rate, quantity,
  rate, cgst, sgst, igst, amount, unit)
SELECT now(), now(), 1, ${customer}, ${invoice}, '${lineName(linesOf)}', '711319', 0.03, 1, ${linesOf}, 15, 15, 0, 1030, 'gms'
FROM generate_series(1, ${lineCount})`;

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}
