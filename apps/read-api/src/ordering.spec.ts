import { orderBy, ordering } from './ordering.js';
import { requestTo } from './testing/request.js';

const columns = { name: 'c.name', city: 'c.city' };
const asked = (value: string) => ordering(requestTo(`/x/?ordering=${value}`), Object.keys(columns));

it.each([
  ['name', 'name'],
  ['-name,city', '-name,city'],
  [' name , nonsense', 'name'],
  ['--name', undefined],
  ['name,-name,city,name', 'name,city'],
  ['nonsense', undefined],
  ['', undefined],
])('%s is understood as %s', (sent, meant) => expect(asked(sent)).toBe(meant));

it('ends with the tie-break', () =>
  expect(orderBy('-name,city', columns, 'c.id').sql).toBe('c.name DESC, c.city, c.id'));
it('never lets a name into the SQL that is no column', () =>
  expect(() => orderBy('name;drop', columns, 'c.id')).toThrow(RangeError));
