import { type Query, type SourceRow } from '@freshet/cache-engine';
import sql, { type Sql } from 'sql-template-tag';
import { statement } from '../../../statement.js';
import { byColumn, grouped, text } from '../../shapes/columns.js';
import { where } from '../../shapes/conditions.js';
import { MOST_NAMED } from '../named-invoices.js';
import { type Party, partyOf } from './party.js';

/** What is read of invoices that are known already. */
export interface BillParts {
  lines(invoice: SourceRow): readonly SourceRow[];
  business(invoice: SourceRow): Party;
  customer(invoice: SourceRow): Party;
}

/** Which parts, and under which names. */
export interface BillPartsQuestion {
  /** e.g. `report.gstr_export`: begins the names of the statements. */
  readonly name: string;
  /** Of billing_lineitem AS l, besides `invoice_id`. */
  readonly columns: Sql;
  /** The conditions on billing_invoice AS i that chose the invoices. */
  readonly conditions: readonly Sql[];
}

/** @param invoices rows of `id`, `business_id`, `customer_id` */
export async function readBillParts(
  invoices: readonly SourceRow[],
  question: BillPartsQuestion,
  query: Query,
): Promise<BillParts> {
  const lines = grouped(await readLines(ids(invoices, 'id'), question, query), 'invoice_id');
  const businesses = await readBusinesses(ids(invoices, 'business_id'), question, query);
  const customers = await readCustomers(ids(invoices, 'customer_id'), question, query);
  return {
    lines: (invoice) => lines.get(text(invoice, 'id')) ?? [],
    business: (invoice) => businesses.get(text(invoice, 'business_id'))!,
    customer: (invoice) => customers.get(text(invoice, 'customer_id'))!,
  };
}

/** Few invoices are named, so that only their lines matter. Of many any line may matter: a line does not know what chose its invoice. */
export async function readLines(
  invoiceIds: readonly string[],
  { name, columns, conditions }: BillPartsQuestion,
  query: Query,
): Promise<readonly SourceRow[]> {
  if (invoiceIds.length === 0) return [];
  const chosen =
    invoiceIds.length <= MOST_NAMED
      ? sql`WHERE l.invoice_id = ANY(${invoiceIds})`
      : sql`JOIN billing_invoice i ON i.id = l.invoice_id ${where(...conditions)}`;
  return query(
    statement(`${name}.lines`, sql`SELECT l.invoice_id, ${columns} FROM billing_lineitem l ${chosen} ORDER BY l.id`),
  );
}

async function readBusinesses(
  businessIds: readonly string[],
  { name }: Pick<BillPartsQuestion, 'name'>,
  query: Query,
): Promise<ReadonlyMap<string, Party>> {
  const text = sql`SELECT id, name, gst_number, state_name FROM billing_business WHERE id = ANY(${businessIds})`;
  return parties(await query(statement(`${name}.businesses`, text)));
}

export async function readCustomers(
  customerIds: readonly string[],
  { name }: Pick<BillPartsQuestion, 'name'>,
  query: Query,
): Promise<ReadonlyMap<string, Party>> {
  const text = sql`SELECT id, name, gst_number, state_name FROM billing_customer WHERE id = ANY(${customerIds})`;
  return parties(await query(statement(`${name}.customers`, text)));
}

function parties(rows: readonly SourceRow[]): ReadonlyMap<string, Party> {
  return new Map([...byColumn(rows, 'id')].map(([id, row]) => [id, partyOf(row)]));
}

function ids(rows: readonly SourceRow[], column: string): readonly string[] {
  return [...new Set(rows.map((row) => text(row, column)))];
}
