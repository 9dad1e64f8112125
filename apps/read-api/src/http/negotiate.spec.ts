import { ApiError } from '../api-error.js';
import { negotiate } from './negotiate.js';

function statusOf(accept: string | undefined, format?: string): number {
  try {
    negotiate(accept, format);
    return 200;
  } catch (error) {
    return (error as ApiError).status;
  }
}

it.each([
  undefined,
  '',
  '*/*',
  'application/json',
  'application/*',
  'text/html, application/json;q=0.1',
  'APPLICATION/JSON; indent=2',
  'text/plain, */*',
])('%s accepts JSON', (accept) => expect(statusOf(accept)).toBe(200));
it.each(['text/html', 'application/xml', 'text/csv', 'application/jsonp', 'nonsense'])('%s does not', (accept) =>
  expect(statusOf(accept)).toBe(406),
);
it('another format is not found, whatever is accepted', () => {
  expect([statusOf('*/*', 'xml'), statusOf('text/html', 'api'), statusOf('*/*', 'JSON')]).toEqual([404, 404, 404]);
});
it('the format json is the usual one, and an empty one counts as absent', () =>
  expect([statusOf('*/*', 'json'), statusOf('*/*', '')]).toEqual([200, 200]));
