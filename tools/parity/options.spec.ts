import { resolve } from 'node:path';
import { parityOptions } from './options.js';

afterEach(() => jest.restoreAllMocks());

test('files are those of the folder, or those named from where the command was typed', () => {
  const from = process.env['INIT_CWD'] ?? process.cwd();
  expect(parityOptions(['--twice', '--cases', 'some.jsonl'])).toEqual({
    schema: resolve('tools/parity/data/schema.sql'),
    dataset: resolve('tools/parity/data/dataset.sql'),
    tokens: resolve('tools/parity/data/tokens.json'),
    cases: resolve(from, 'some.jsonl'),
    fixes: resolve('tools/parity/data/fixes.json'),
    twice: true,
    serve: false,
  });
});

test.each([
  ['--help', 0, '--twice'],
  ['--nope', 1, "unknown option '--nope'"],
])('%s ends the command with %d and says %s', (option, code, said) => {
  const lines: unknown[] = [];
  const write = (line: unknown): boolean => lines.push(line) > 0;
  jest.spyOn(process.stdout, 'write').mockImplementation(write);
  jest.spyOn(process.stderr, 'write').mockImplementation(write);
  jest.spyOn(process, 'exit').mockImplementation((status) => {
    throw new Error(`ended with ${String(status)}`);
  });
  expect(() => parityOptions([option])).toThrow(`ended with ${code}`);
  expect(lines.join('')).toContain(said);
});
