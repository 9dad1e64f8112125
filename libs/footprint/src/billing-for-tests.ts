import type { RowChange } from '@freshet/row-change';
import { catalogOf } from './catalog-for-tests.js';
import type { Footprint, SqlValue } from './footprint.js';
import { footprintIn, mattersIn } from './matters-for-tests.js';

/** A little billing, which many tests share: tables, and a row of each. */
export const TABLES = {
  invoice: 'id int8 key, customer_id int8, status text, total numeric, day date, notes text',
  customer: 'id int8 key, name text, city text, vip bool',
  line: 'id int8 key, invoice_id int8, amount numeric, code bpchar',
};
export const catalog = catalogOf(TABLES);

export const footprintOf = (text: string, known = catalog): Footprint => footprintIn(known, text);
export const matters = (text: string, values: readonly SqlValue[], c: RowChange, known = catalog): boolean =>
  mattersIn(known, text, values, c);

export const invoice = { id: '7', customer_id: '1', status: 'paid', total: '10.50', day: '2024-05-01', notes: null };
export const customer = { id: '1', name: 'A', city: 'Pune', vip: 't' };
export const line = { id: '3', invoice_id: '7', amount: '5', code: 'x  ' };
