import { type SourceRow } from '@freshet/cache-engine';
import sql, { type Sql } from 'sql-template-tag';
import { contains } from '../../search.js';
import { maybeText, number, text, time } from './columns.js';
import { mediaUrl } from './media-url.js';

/** The columns of `businessShape`, of billing_business AS b. */
export const businessColumns = sql`
  b.id, b.created_at, b.updated_at, b.workspace_id, b.name, b.address, b.gst_number, b.mobile_number, b.email, b.pan_number, b.bank_name,
  b.bank_account_number, b.bank_ifsc_code, b.bank_branch_name, b.state_name, b.invoice_prefix, b.primary_color_theme, b.signature_image`;

/** What a business shows beside its own row. */
export interface BusinessExtras {
  readonly customerCount: number;
  /** The signature as a data URL, where the media folder is readable. */
  readonly signature: string | null;
}

export function businessShape(row: SourceRow, extras: BusinessExtras) {
  return {
    id: number(row, 'id'),
    customer_count: extras.customerCount,
    signature_image_base64: extras.signature,
    created_at: time(row, 'created_at'),
    updated_at: time(row, 'updated_at'),
    workspace_id: number(row, 'workspace_id'),
    name: text(row, 'name'),
    address: text(row, 'address'),
    gst_number: text(row, 'gst_number'),
    mobile_number: text(row, 'mobile_number'),
    email: maybeText(row, 'email'),
    pan_number: maybeText(row, 'pan_number'),
    bank_name: maybeText(row, 'bank_name'),
    bank_account_number: maybeText(row, 'bank_account_number'),
    bank_ifsc_code: maybeText(row, 'bank_ifsc_code'),
    bank_branch_name: maybeText(row, 'bank_branch_name'),
    state_name: maybeText(row, 'state_name'),
    invoice_prefix: text(row, 'invoice_prefix'),
    primary_color_theme: text(row, 'primary_color_theme'),
    signature_image: mediaUrl(maybeText(row, 'signature_image')),
  };
}
/** The search box of businesses (AS b): the whole text, in the name or the GST number. */
export function businessSearch(search: string): Sql {
  const pattern = contains(search);
  return sql`(UPPER(b.name) LIKE UPPER(${pattern}) OR UPPER(b.gst_number) LIKE UPPER(${pattern}))`;
}
