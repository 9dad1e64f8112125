import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { pathId, wholeNumber } from '../../parameters.js';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { found, missing } from '../shapes/answer.js';
import { given, where } from '../shapes/conditions.js';
import { lineColumns, lineShape } from '../shapes/line.js';

type LineItemGet = { readonly id: string; readonly invoice_id: string | undefined };

export const lineItemGet: View<LineItemGet, SourceRow | undefined> = {
  name: 'lineitem.get',
  shapeVersion: 1,
  models: ['LineItem'],
  specimens: [
    { id: '1', invoice_id: undefined },
    { id: '1', invoice_id: '1' },
  ],
  params: (request) => ({ id: pathId(request), invoice_id: wholeNumber(request, 'invoice_id') }),

  async load({ id, invoice_id }, query) {
    const matching = where(
      sql`l.id = ${id}`,
      given(invoice_id, (invoice) => sql`l.invoice_id = ${invoice}`),
    );
    const [row] = await query(
      statement('lineitem.get', sql`SELECT ${lineColumns} FROM billing_lineitem l ${matching}`),
    );
    return row;
  },

  render: (row) => (row === undefined ? missing('LineItem') : found(lineShape(row))),
};
