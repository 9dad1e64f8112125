import { type Random } from '../demo-data/random.js';

/** What one user does: transactions in their order, each a list of statements. */
export interface Edit {
  readonly what: string;
  readonly transactions: readonly (readonly string[])[];
}

/** Rows that an edit may choose from. */
export interface Chosen {
  readonly invoices: readonly string[];
  readonly customers: readonly string[];
  readonly products: readonly string[];
  readonly businesses: readonly string[];
}

/** A day at the front end of the original, in its own statements and transactions: most edits are of bills, few of what they name. */
export function billingDay(d: Random, rows: Chosen, edits: number): readonly Edit[] {
  return Array.from({ length: edits }, (_, i) => d.pick(KINDS)(d, rows, i));
}

type Kind = (d: Random, rows: Chosen, n: number) => Edit;

const HISTORY = `INSERT INTO billing_historicalinvoice (history_date, history_type, id, created_at, updated_at, workspace_id, customer_id, business_id,
  invoice_number, total_amount, invoice_date, type_of_invoice, eway_bill_number, transporter_name, transporter_gstin, vehicle_number, vehicle_type, transport_mode)
  SELECT now(), '~', id, created_at, updated_at, workspace_id, customer_id, business_id, invoice_number, total_amount, invoice_date, type_of_invoice,
  eway_bill_number, transporter_name, transporter_gstin, vehicle_number, vehicle_type, transport_mode FROM billing_invoice WHERE id = `;

const TOTAL = (id: string): string =>
  `UPDATE billing_invoice SET total_amount = (SELECT coalesce(sum(amount), 0) FROM billing_lineitem WHERE invoice_id = ${id}) WHERE id = ${id}`;

function noted(action: string, entity: string, id: string): string {
  return `INSERT INTO billing_auditlog (action, entity, entity_id, entity_name, details, "timestamp") VALUES ('${action}', '${entity}', ${id}, 'n', '', now())`;
}

/** Another row like that one. */
function copyOf(table: string, id: string, changes: string): string {
  const key = `'id', nextval(pg_get_serial_sequence('${table}', 'id'))`;
  return `INSERT INTO ${table} SELECT (jsonb_populate_record(t, jsonb_build_object(${key}, ${changes}))).* FROM ${table} t WHERE id = ${id}`;
}

const lineEdit: Kind = (d, { invoices }) => {
  const id = d.pickSkewed(invoices);
  const line = `(SELECT min(id) FROM billing_lineitem WHERE invoice_id = ${id})`;
  const amount = d.between(100, 9000);
  return {
    what: 'the lines of an invoice edited',
    transactions: [
      [
        `UPDATE billing_lineitem SET quantity = quantity + 1, amount = ${amount}, updated_at = now() WHERE id = ${line}`,
        TOTAL(id),
        noted('update', 'invoice', id),
      ],
    ],
  };
};

const lineSame: Kind = (d, { invoices }) => {
  const id = d.pick(invoices);
  const rewrite = `WITH old AS (DELETE FROM billing_lineitem WHERE invoice_id = ${id} RETURNING *) INSERT INTO billing_lineitem
    SELECT (jsonb_populate_record(NULL::billing_lineitem, to_jsonb(old) || jsonb_build_object('id', nextval(pg_get_serial_sequence('billing_lineitem', 'id'))))).* FROM old`;
  return {
    what: 'an invoice saved with its lines as they were',
    transactions: [[rewrite, TOTAL(id), noted('update', 'invoice', id)]],
  };
};

const created: Kind = (d, { invoices }) => {
  const like = d.pick(invoices);
  const newest = '(SELECT max(id) FROM billing_invoice)';
  return {
    what: 'an invoice created',
    transactions: [
      [
        copyOf('billing_invoice', like, `'invoice_number', 'NEW-' || pg_current_xact_id(), 'created_at', now(), 'updated_at', now()`),
        `${HISTORY}${newest}`,
        copyOf('billing_lineitem', `(SELECT min(id) FROM billing_lineitem WHERE invoice_id = ${like})`, `'invoice_id', ${newest}`),
        `UPDATE billing_invoice SET total_amount = ${d.between(100, 90_000)} WHERE id = ${newest}`,
        noted('create', 'invoice', newest),
      ],
    ],
  }; // prettier-ignore
};

const numbered: Kind = (d, { invoices }) => {
  const id = d.pick(invoices);
  return {
    what: 'the number of an invoice changed',
    transactions: [
      [`UPDATE billing_invoice SET invoice_number = 'R-' || pg_current_xact_id(), updated_at = now() WHERE id = ${id}`],
      [`${HISTORY}${id}`],
      [noted('update', 'invoice', id)],
    ],
  };
};

const saved: Kind = (d, { invoices }) => {
  const id = d.pick(invoices);
  return {
    what: 'an invoice saved as it was',
    transactions: [
      [`UPDATE billing_invoice SET updated_at = now() WHERE id = ${id}`],
      [`${HISTORY}${id}`],
      [noted('update', 'invoice', id)],
    ],
  };
};

const deleted: Kind = (d, { invoices }) => {
  const id = d.pick(invoices.slice(-10));
  const steps = [
    `DELETE FROM billing_lineitem WHERE invoice_id = ${id}`,
    TOTAL(id),
    `DELETE FROM billing_invoice WHERE id = ${id}`,
  ];
  return { what: 'an invoice deleted', transactions: [[...steps, noted('delete', 'invoice', id)]] };
};

const customer: Kind = (d, { customers }, n) => {
  const id = d.pick(customers);
  const [column, value] = d.pick([
    ['name', `'Customer ' || pg_current_xact_id()`],
    ['address', `'Street ${n}'`],
    ['mobile_number', `'98${n}'`],
  ] as const);
  return {
    what: `the ${column} of a customer changed`,
    transactions: [
      [`UPDATE billing_customer SET ${column} = ${value}, updated_at = now() WHERE id = ${id}`],
      [noted('update', 'customer', id)],
    ],
  };
};

const product: Kind = (d, { products }, n) => {
  const id = d.pick(products);
  return {
    what: 'the description of a product changed',
    transactions: [
      [`UPDATE billing_product SET description = 'of ${n}', updated_at = now() WHERE id = ${id}`],
      [noted('update', 'product', id)],
    ],
  };
};

const business: Kind = (d, { businesses }, n) => {
  const id = d.pick(businesses);
  return {
    what: 'the bank of a business changed',
    transactions: [
      [`UPDATE billing_business SET bank_name = 'Bank ${n}', updated_at = now() WHERE id = ${id}`],
      [noted('update', 'business', id)],
    ],
  };
};

const printed: Kind = (d, { invoices }) => ({
  what: 'an invoice printed',
  transactions: [[noted('print', 'invoice', d.pick(invoices))]],
});

const KINDS: readonly Kind[] = [lineEdit, lineEdit, lineEdit, lineSame, created, created, numbered, saved, deleted, customer, customer, product, business, printed]; // prettier-ignore
