import { type Query, type SourceRow } from '@freshet/cache-engine';
import sql, { type Sql } from 'sql-template-tag';
import { statement } from '../../../statement.js';
import { grouped, rowAt, text } from '../../shapes/columns.js';
import { given, where } from '../../shapes/conditions.js';
import { MOST_NAMED } from '../named-invoices.js';
import { type Party, partyOf } from './party.js';

/** What belongs to invoices that are known already. */
export interface BillParts {
  /** By id. */
  lines(invoice: SourceRow): readonly SourceRow[];
  business(invoice: SourceRow): Party;
  customer(invoice: SourceRow): Party;
}

export interface BillQuestion {
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
  question: BillQuestion,
  query: Query,
): Promise<BillParts> {
  const parties = (name: string, table: Sql, column: string): Promise<readonly SourceRow[]> =>
    query(statement(`${question.name}.${name}`, partiesWhose(table, distinct(invoices, column))));
  const [sold, businesses, customers] = await Promise.all([
    readLines(invoices, question, query),
    parties('businesses', sql`billing_business`, 'business_id'),
    parties('customers', sql`billing_customer`, 'customer_id'),
  ]);
  const lines = grouped(sold, 'invoice_id');
  const [businessById, customerById] = [partiesById(businesses), partiesById(customers)];
  return {
    lines: (invoice) => lines.get(text(invoice, 'id')) ?? [],
    business: (invoice) => rowAt(businessById, text(invoice, 'business_id')),
    customer: (invoice) => rowAt(customerById, text(invoice, 'customer_id')),
  };
}

/** Few invoices are named, so that only their lines matter. Of many any line may matter: a line does not know what chose its invoice. */
function readLines(
  invoices: readonly SourceRow[],
  { name, columns, conditions }: BillQuestion,
  query: Query,
): Promise<readonly SourceRow[]> {
  const few = invoices.length <= MOST_NAMED ? distinct(invoices, 'id') : undefined;
  const named = given(few, (ids) => sql`l.invoice_id = ANY(${ids})`);
  return query(
    statement(
      `${name}.lines`,
      sql`SELECT l.invoice_id, ${columns} FROM billing_lineitem l JOIN billing_invoice i ON i.id = l.invoice_id
          ${where(...conditions, named)} ORDER BY l.id`,
    ),
  );
}

function partiesById(rows: readonly SourceRow[]): ReadonlyMap<string, Party> {
  return new Map(rows.map((row) => [text(row, 'id'), partyOf(row)]));
}

function partiesWhose(table: Sql, ids: readonly string[]): Sql {
  return sql`SELECT id, name, gst_number, state_name FROM ${table} WHERE id = ANY(${ids})`;
}

function distinct(rows: readonly SourceRow[], column: string): readonly string[] {
  return [...new Set(rows.map((row) => text(row, column)))];
}
