import { type Statement } from '@freshet/cache-engine';
import { type Params } from '@freshet/cache-keys';
import { type View } from '../../view.js';
import { productHsnUsage } from '../product/product-hsn-usage.js';
import { RecordedDatabase } from '../testing/recorded-database.js';
import { requestTo } from '../testing/request.js';
import { reportGstSummary } from './report-gst-summary.js';
import { reportGstrExport } from './report-gstr-export.js';
import { reportStats } from './report-stats.js';

let database: RecordedDatabase;
beforeAll(async () => {
  database = await RecordedDatabase.create(`read_api_scope_${process.pid}`);
}, 60_000);
afterAll(() => database.drop());

async function sentFor<P extends Params>(
  view: View<P, never>,
  query: string,
  path = {},
): Promise<readonly Statement[]> {
  const sent: Statement[] = [];
  await view.load(view.params(requestTo(`/?${query}`, { path })), (statement) => {
    sent.push(statement);
    return database.query(statement);
  });
  return sent;
}

/** Statements over lines that any line of any invoice may change. */
const coarse = (sent: readonly Statement[]): readonly string[] =>
  sent
    .filter(({ text }) => text.includes('billing_lineitem l JOIN'))
    .filter(({ text }) => !text.includes('l.invoice_id = ANY') && !text.includes('l.product_name ='))
    .map(({ name }) => name);

const reports: readonly View<never, never>[] = [reportStats, reportGstSummary, reportGstrExport] as never[];
const ONE_MONTH = 'business_id=1&start_date=2026-07-01&end_date=2026-07-31';

test.each(reports.map((view) => [view.name, view] as const))(
  '%s of one month names its invoices, so that lines of others do not matter',
  async (_, view) => {
    expect(coarse(await sentFor(view, ONE_MONTH))).toEqual([]);
  },
);

test.each(reports.map((view) => [view.name, view] as const))(
  '%s of everything names no invoices, since every line matters',
  async (_, view) => {
    const sent = await sentFor(view, '');
    expect(coarse(sent).length).toBeGreaterThan(0);
    expect(sent.filter(({ text }) => text.includes('LIMIT') && text.startsWith('SELECT i.id FROM'))).toEqual([]);
  },
);

test('naming invoices changes no answer', async () => {
  const query = requestTo(`/?${ONE_MONTH}`);
  const params = reportStats.params(query);
  const named = reportStats.render(await reportStats.load(params, database.query), params);
  const unnamed = reportStats.render(
    await reportStats.load(params, async (statement) =>
      // As if there were too many to be named.
      statement.name === 'report.stats.invoices' ? Array(251).fill({ id: '1' }) : database.query(statement),
    ),
    params,
  );
  expect(named.body).toBe(unnamed.body);
});

test('a product names the invoices it was billed on', async () => {
  const sent = await sentFor(productHsnUsage as never, '', { id: '1' });
  expect(sent.at(-1)?.text).toContain('i.id = ANY');
});
