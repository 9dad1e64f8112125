import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { routes } from '../views/index.js';
import answers from './answers.json';
import { answerSchemas } from './testing/answer-schemas.js';

/** A line for each view, so that a review shows whose answer changes. `FRESHET_WRITE_ANSWERS=1` writes it anew. */
const FILE = resolve('apps/read-api/src/docs/answers.json');

test('the committed schemas are what the views say', () => {
  const lines = [...answerSchemas()].map(([name, schema]) => `${JSON.stringify(name)}: ${JSON.stringify(schema)}`);
  const text = `{\n${lines.sort().join(',\n')}\n}\n`;
  if (process.env['FRESHET_WRITE_ANSWERS'] === '1') writeFileSync(FILE, text);
  expect(readFileSync(FILE, 'utf8')).toBe(text);
}, 60_000);

test('every view that answers JSON has one', () => {
  const json = routes.filter(({ view }) => view.contentType === undefined).map(({ view }) => view.name);
  expect(Object.keys(answers).sort()).toEqual([...new Set(json)].sort());
});

test('every one is a schema', () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  for (const schema of Object.values(answers)) expect(() => ajv.compile(schema)).not.toThrow();
});
