import { type SourceRow } from '@freshet/cache-engine';
import { number, text } from '../shapes/columns.js';

/** Purchases count as invoices of a customer, but only sales are revenue. @param byType one row per type of invoice */
export function invoiceFigures(byType: readonly SourceRow[]) {
  const sales = byType.find((row) => text(row, 'type_of_invoice') === 'outward');
  return {
    total_revenue: sales === undefined ? 0 : number(sales, 'total'),
    invoice_count: byType.reduce((sum, row) => sum + number(row, 'invoices'), 0),
  };
}
