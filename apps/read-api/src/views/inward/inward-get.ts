import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { fillLinks } from '../../links.js';
import { pathId } from '../../parameters.js';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { found } from '../shapes/answer.js';
import { type Parties } from '../shapes/invoice.js';
import { lineShape } from '../shapes/line.js';
import { linesOf, partiesOf } from '../shapes/related.js';
import { billColumns, billShape, signedLink, taxesOf } from './bill.js';

type InwardGet = { readonly id: string };
interface Bill {
  readonly row: SourceRow;
  readonly parties: Parties;
  readonly taxes: SourceRow | undefined;
  readonly lines: readonly SourceRow[];
}

export const inwardGet: View<InwardGet, Bill | undefined> = {
  name: 'inward.get',
  shapeVersion: 1,
  models: ['Invoice', 'LineItem', 'Customer', 'Business'],
  specimens: [{ id: '1' }],
  params: (request) => ({ id: pathId(request) }),

  async load({ id }, query) {
    const [row] = await query(
      statement(
        'inward.get.row',
        sql`SELECT ${billColumns} FROM billing_invoice i WHERE i.id = ${id} AND i.type_of_invoice = 'inward'`,
      ),
    );
    if (row === undefined) return undefined;
    const [related, taxes, lines] = await Promise.all([
      partiesOf([row], query),
      taxesOf([id], query),
      linesOf([id], query),
    ]);
    return { row, parties: related.parties(row), taxes: taxes.get(id), lines: lines.get(id) ?? [] };
  },

  render(bill) {
    if (bill === undefined) return { status: 404, body: JSON.stringify({ error: 'Inward bill not found.' }) };
    return found({
      ...billShape(bill.row, bill.parties, bill.taxes),
      line_items: bill.lines.map(lineShape),
      source_file_url: signedLink(bill.row, 'source_file'),
    });
  },
  finish: fillLinks,
};
