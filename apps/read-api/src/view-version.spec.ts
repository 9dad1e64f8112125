import sql from 'sql-template-tag';
import { statement } from './statement.js';
import { type View } from './view.js';
import { viewVersion } from './view-version.js';

const view = (text: string, shapeVersion = 1): View => ({
  name: 'thing.get',
  shapeVersion,
  models: [],
  specimens: [{}],
  params: () => ({}),
  load: async (_, query) => {
    const [row] = await query(statement('thing.get.row', sql`SELECT id FROM thing`));
    if (row !== undefined) await query({ name: 'thing.get.parts', text, values: [] });
  },
  render: () => ({ status: 200, body: '' }),
});

it('is the same for the same view', async () =>
  expect(await viewVersion(view('a'))).toBe(await viewVersion(view('a'))));
it('changes with a statement that only follows a found row', async () =>
  expect(await viewVersion(view('a'))).not.toBe(await viewVersion(view('b'))));
it('changes with the rendering', async () =>
  expect(await viewVersion(view('a', 2))).not.toBe(await viewVersion(view('a', 1))));
