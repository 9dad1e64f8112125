import { csv } from './csv.js';

test('a field is quoted only if it must be', () => {
  expect(csv([['plain', 'a,b', 'say "x"', 'two\nlines', 'car\rriage', ' blank ', '']])).toBe(
    'plain,"a,b","say ""x""","two\nlines","car\rriage", blank ,\r\n',
  );
});

test('no rows are an empty text', () => {
  expect(csv([])).toBe('');
});
