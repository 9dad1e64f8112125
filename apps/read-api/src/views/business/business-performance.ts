import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { date } from '../../parameters.js';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { found } from '../shapes/answer.js';
import { byColumn, number, rowAt, text } from '../shapes/columns.js';
import { where } from '../shapes/conditions.js';
import { between } from '../shapes/dates.js';

type BusinessPerformance = { readonly start_date: string | undefined; readonly end_date: string | undefined };
interface Data {
  readonly rows: readonly SourceRow[];
  readonly businesses: ReadonlyMap<string, SourceRow>;
}

export const businessPerformance: View<BusinessPerformance, Data> = {
  name: 'business.performance',
  shapeVersion: 1,
  models: ['Invoice', 'Business'],
  specimens: [
    { start_date: undefined, end_date: undefined },
    { start_date: '2024-04-01', end_date: '2025-03-31' },
  ],
  params: (request) => ({ start_date: date(request, 'start_date'), end_date: date(request, 'end_date') }),

  async load({ start_date, end_date }, query) {
    // A business without sales has no sum, which sorts first.
    const rows = await query(
      statement(
        'business.performance.figures',
        sql`SELECT i.business_id,
              coalesce(sum(i.total_amount) FILTER (WHERE i.type_of_invoice = 'outward'), 0) AS outward_total,
              coalesce(sum(i.total_amount) FILTER (WHERE i.type_of_invoice = 'inward'), 0) AS inward_total,
              count(*) FILTER (WHERE i.type_of_invoice = 'outward') AS outward_count,
              count(*) FILTER (WHERE i.type_of_invoice = 'inward') AS inward_count
            FROM billing_invoice i ${where(...between('i.invoice_date', start_date, end_date))}
            GROUP BY i.business_id
            ORDER BY sum(i.total_amount) FILTER (WHERE i.type_of_invoice = 'outward') DESC NULLS FIRST, i.business_id`,
      ),
    );
    const ids = rows.map((row) => text(row, 'business_id'));
    const businesses = await query(
      statement('business.performance.names', sql`SELECT id, name FROM billing_business WHERE id = ANY(${ids})`),
    );
    return { rows, businesses: byColumn(businesses, 'id') };
  },

  render: ({ rows, businesses }) =>
    found(
      rows.map((row) => ({
        id: number(row, 'business_id'),
        name: text(rowAt(businesses, text(row, 'business_id')), 'name'),
        outward_total: number(row, 'outward_total'),
        inward_total: number(row, 'inward_total'),
        outward_count: number(row, 'outward_count'),
        inward_count: number(row, 'inward_count'),
      })),
    ),
};
