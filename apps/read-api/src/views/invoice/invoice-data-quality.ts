import { type Params } from '@freshet/cache-keys';
import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { found } from '../shapes/answer.js';
import { number, onlyRow } from '../shapes/columns.js';
import { financialYear } from '../shapes/invoice-filter.js';

interface Data {
  readonly empty: SourceRow;
  readonly noHsn: SourceRow;
  readonly repeated: SourceRow;
}

/** Counts over both tables, whole: by its meaning any invoice and any line may matter. Only the columns used here make it coarse no further. */
export const invoiceDataQuality: View<Params, Data> = {
  name: 'invoice.data_quality',
  shapeVersion: 1,
  models: ['Invoice', 'LineItem'],
  specimens: [{}],
  params: () => ({}),

  async load(_, query) {
    const empty = await query(
      statement(
        'invoice.data_quality.empty',
        sql`SELECT count(*) AS count FROM billing_invoice i
            WHERE NOT EXISTS (SELECT 1 FROM billing_lineitem l WHERE l.invoice_id = i.id)`,
      ),
    );
    const noHsn = await query(
      statement('invoice.data_quality.no_hsn', sql`SELECT count(*) AS count FROM billing_lineitem WHERE hsn_code = ''`),
    );
    const repeated = await query(
      statement(
        'invoice.data_quality.repeated',
        sql`SELECT count(*) AS count FROM (
              SELECT i.business_id FROM billing_invoice i WHERE i.invoice_number <> ''
              GROUP BY i.business_id, i.invoice_number, ${financialYear}, i.type_of_invoice HAVING count(*) > 1) g`,
      ),
    );
    return { empty: onlyRow(empty), noHsn: onlyRow(noHsn), repeated: onlyRow(repeated) };
  },

  render({ empty, noHsn, repeated }) {
    const counts = {
      invoices_no_line_items: number(empty, 'count'),
      line_items_missing_hsn: number(noHsn, 'count'),
      duplicate_invoice_groups: number(repeated, 'count'),
    };
    return found({ ...counts, has_issues: Object.values(counts).some((count) => count > 0) });
  },
};
