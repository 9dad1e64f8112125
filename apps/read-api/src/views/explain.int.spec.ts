import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { analyse, CATALOG_SQL, explain, loadParser, parseCatalog, type Catalog } from '@freshet/footprint';
import { type SourceRow, type Statement } from '@freshet/cache-engine';
import { statementsOf } from '../view-version.js';
import { type View } from '../view.js';
import { routes } from './index.js';
import { RecordedDatabase } from './testing/recorded-database.js';

/** One page per view, so that a review of its SQL shows what it comes to depend on. `FRESHET_WRITE_EXPLAIN=1` writes them anew. */
const PAGES = resolve('apps/read-api/src/views/explain');
const views = [...new Map(routes.map(({ view }) => [view.name, view])).values()];

let database: RecordedDatabase;
let catalog: Catalog;

beforeAll(async () => {
  await loadParser();
  database = await RecordedDatabase.create(`read_api_explain_${process.pid}`);
  const rows = await database.query({ name: 'catalog', text: CATALOG_SQL, values: [] });
  catalog = parseCatalog(rows as readonly (SourceRow & { catalog: string })[]);
}, 60_000);
afterAll(() => database.drop());

async function pageOf(view: View): Promise<string> {
  const forms = new Map((await statementsOf(view)).map((statement) => [statement.text, statement]));
  const sections = [...forms.values()].map(sectionOf);
  return `# ${view.name}\n\n${sections.join('\n') || 'No table.\n'}`;
}

function sectionOf({ name, text }: Statement): string {
  const analysis = analyse({ name, text }, catalog);
  const lines =
    analysis.kind === 'cacheable'
      ? explain(analysis.footprint)
      : analysis.reasons.map(({ reason }) => `refused: ${reason}`);
  const sql = text.replace(/\s+/g, ' ').trim();
  return `## ${name}\n\n\`\`\`sql\n${sql}\n\`\`\`\n\n${lines.map((line) => `- ${line}\n`).join('')}`;
}

test.each(views.map((view) => [view.name, view] as const))(
  '%s depends on what its page says',
  async (name, view) => {
    const file = resolve(PAGES, `${name}.md`);
    const page = await pageOf(view);
    if (process.env['FRESHET_WRITE_EXPLAIN'] === '1') {
      mkdirSync(PAGES, { recursive: true });
      writeFileSync(file, page);
    }
    expect(existsSync(file) ? readFileSync(file, 'utf8') : 'no page').toBe(page);
  },
  60_000,
);

test('there are no pages of views that are gone', () => {
  expect(readdirSync(PAGES).sort()).toEqual(views.map(({ name }) => `${name}.md`).sort());
});
