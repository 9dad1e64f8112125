import { type SourceRow } from '@freshet/cache-engine';
import sql, { type Sql } from 'sql-template-tag';
import { contains } from '../../search.js';
import { maybeText, number, text, time } from './columns.js';

/** The columns of `customerShape`, of billing_customer AS c. */
export const customerColumns = sql`
  c.id, c.created_at, c.updated_at, c.workspace_id, c.name, c.address, c.gst_number, c.pan_number, c.mobile_number, c.email, c.state_name`;

/** @param links the customer's rows of billing_customer_businesses, in the order in which they were made */
export function customerShape(row: SourceRow, links: readonly SourceRow[]) {
  return {
    id: number(row, 'id'),
    created_at: time(row, 'created_at'),
    updated_at: time(row, 'updated_at'),
    workspace_id: number(row, 'workspace_id'),
    name: text(row, 'name'),
    address: maybeText(row, 'address'),
    gst_number: maybeText(row, 'gst_number'),
    pan_number: maybeText(row, 'pan_number'),
    mobile_number: maybeText(row, 'mobile_number'),
    email: maybeText(row, 'email'),
    state_name: maybeText(row, 'state_name'),
    businesses: links.map((link) => number(link, 'business_id')),
  };
}

/** The search box of customers (AS c): the whole text, in the name, the GST number or the mobile number. */
export function customerSearch(search: string): Sql {
  const pattern = contains(search);
  return sql`(UPPER(c.name) LIKE UPPER(${pattern}) OR UPPER(c.gst_number) LIKE UPPER(${pattern})
    OR UPPER(c.mobile_number) LIKE UPPER(${pattern}))`;
}

/** Keeps the customers (AS c) that are linked to a business. */
export function linkedTo(businessId: string): Sql {
  return sql`EXISTS (SELECT 1 FROM billing_customer_businesses m WHERE m.customer_id = c.id AND m.business_id = ${businessId})`;
}
