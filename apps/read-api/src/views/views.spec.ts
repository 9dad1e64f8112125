import { statementsOf } from '../view-version.js';
import { routes } from './index.js';

const views = [...new Set(routes.map(({ view }) => view))];

test('no two views share a name, no two routes an address', () => {
  expect(new Set(views.map(({ name }) => name)).size).toBe(views.length);
  const addresses = routes.map(({ path, when }) => JSON.stringify([path, when]));
  expect(new Set(addresses).size).toBe(addresses.length);
});

test('only the accounts are for administrators', () => {
  expect(routes.filter(({ role }) => role !== undefined).map(({ path }) => path)).toEqual(['/api/users/']);
});

test('only views of the account itself depend on who asks', async () => {
  const personal = ['account.profile', 'account.preferences'];
  for (const { name, specimens } of views) {
    expect(specimens.some((params) => 'user' in params)).toBe(personal.includes(name));
  }
});

describe.each(views.map((view) => [view.name, view] as const))('%s', (_, view) => {
  test('sends only statements that depend on nothing but tables', async () => {
    for (const { text } of await statementsOf(view)) {
      expect(text).toMatch(/^\s*(SELECT|WITH)\b/);
      expect(text).not.toMatch(/\b(now|current_\w+|localtime\w*|random|to_char|to_json\w*|clock_timestamp)\b/i);
      expect(text).not.toMatch(/SELECT \*/);
    }
  });
});
