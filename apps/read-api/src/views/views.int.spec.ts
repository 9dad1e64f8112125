import { analyse, CATALOG_SQL, loadParser, parseCatalog } from '@freshet/footprint';
import { type SourceRow, type Statement } from '@freshet/cache-engine';
import { apiRoutes } from '../routes.js';
import { chosenView } from '../route.js';
import { Router } from '../http/router.js';
import { type View, type ViewRequest } from '../view.js';
import { invoiceList } from './invoice/invoice-list.js';
import { recordedCases, type RecordedCase } from './testing/recorded-cases.js';
import { RecordedDatabase } from './testing/recorded-database.js';
import { requestTo } from './testing/request.js';
import { viewAnswer } from './testing/view-answer.js';

const router = new Router(apiRoutes());
let database: RecordedDatabase;

beforeAll(async () => {
  database = await RecordedDatabase.create(`read_api_views_${process.pid}`);
}, 60_000);
afterAll(() => database.drop());

const answer = (view: View, request: ViewRequest) => viewAnswer(view, request, database.query);

/** The view and the request of a case; undefined where no view is asked. */
function asked({ path: address, userId }: RecordedCase): { view: View; request: ViewRequest } | undefined {
  const match = router.match(address.split('?')[0] ?? '');
  if (match?.kind !== 'route') return undefined;
  const request = requestTo(address, { path: match.path, userId });
  const view = chosenView(match.route, request.query);
  return view === undefined || 'format' in request.query ? undefined : { view, request };
}

/** Recorded links carry a signature of that time. */
function unsigned(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body).replace(/\?s=[^"]*"/g, '?s=signed"'));
}

const cases = recordedCases().flatMap((recorded) => {
  const call = asked(recorded);
  return call === undefined ? [] : [{ recorded, ...call }];
});

test('every view is among the recorded cases, but the one whose figures age by the day', () => {
  const reached = new Set(cases.map(({ view }) => view.name));
  const served = apiRoutes().flatMap(({ views }) => views.map(({ view }) => view.name));
  expect(served.filter((name) => !reached.has(name))).toEqual(['report.gst_summary']);
  expect(cases.length).toBeGreaterThan(400);
});

test.each(cases.map((one) => [one.recorded.id, one.recorded.path, one] as const))(
  '%s: %s',
  async (_, __, { recorded, view, request }) => {
    const got = await answer(view, request);
    expect({ status: got.status, body: unsigned(got.body) }).toEqual({
      status: recorded.status,
      body: unsigned(recorded.body),
    });
  },
);

async function statementsSent(view: View, address: string): Promise<readonly Statement[]> {
  const sent: Statement[] = [];
  await view.load(view.params(requestTo(address)), (statement) => {
    sent.push(statement);
    return database.query(statement);
  });
  return sent;
}

test('a page of invoices reads its own customers, businesses and lines, and no others', async () => {
  const sent = await statementsSent(invoiceList, '/api/invoices/?page_size=2');
  const pinned = Object.fromEntries(sent.map(({ name, values }) => [name, values]));
  const { body } = await answer(invoiceList, requestTo('/api/invoices/?page_size=2'));
  const rows = (body as { results: readonly Record<string, number>[] }).results;
  const ids = (field: string): readonly string[] => rows.map((row) => String(row[field])).sort();
  expect(pinned['invoice.customers']).toEqual([ids('customer')]);
  expect(pinned['invoice.businesses']).toEqual([[...new Set(ids('business'))]]);
  expect((pinned['invoice.line_figures']?.[0] as string[]).toSorted()).toEqual(ids('id'));
  expect((pinned['invoice.list.rows']?.[0] as string[]).toSorted()).toEqual(ids('id'));
});

test('a search looks the parties up instead of joining them', async () => {
  const sent = await statementsSent(invoiceList, '/api/invoices/?search=kalyan&page_size=2');
  expect(sent.map(({ name }) => name).slice(0, 2)).toEqual(['invoice.search.customers', 'invoice.search.businesses']);
  expect(sent.filter(({ text }) => text.includes('JOIN'))).toEqual([]);
});

test('PostgreSQL takes every form of every statement, and the cache refuses none', async () => {
  await loadParser();
  const rows = await database.query({ name: 'catalog', text: CATALOG_SQL, values: [] });
  const catalog = parseCatalog(rows as readonly (SourceRow & { catalog: string })[]);
  const views = new Set(apiRoutes().flatMap(({ views: choices }) => choices.map(({ view }) => view)));
  for (const view of views) {
    for (const params of view.specimens) {
      await view.load(params, (statement) => {
        expect([statement.name, analyse(statement, catalog).kind]).toEqual([statement.name, 'cacheable']);
        return database.query(statement);
      });
    }
  }
}, 60_000);
