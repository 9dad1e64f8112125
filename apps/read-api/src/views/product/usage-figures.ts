import { type SourceRow } from '@freshet/cache-engine';
import { number, text } from '../shapes/columns.js';

/** Only sales are revenue, tax included; purchases count as usage. Quantities of different units are added. @param byType one row per type of invoice */
export function usageFigures(byType: readonly SourceRow[]) {
  const sales = byType.find((row) => text(row, 'type_of_invoice') === 'outward');
  return {
    total_revenue: sales === undefined ? 0 : number(sales, 'amount'),
    qty_sold: sales === undefined ? 0 : number(sales, 'quantity'),
    usage_count: byType.reduce((sum, row) => sum + number(row, 'lines'), 0),
  };
}
