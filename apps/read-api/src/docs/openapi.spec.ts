import { readFileSync } from 'node:fs';
import { apiRoutes } from '../routes.js';
import { openApi, type Operation } from './openapi.js';

const document = openApi(apiRoutes());
const operations = Object.entries(document.paths).map(([path, { get }]) => ({ path, get }));

interface Recorded {
  readonly id: string;
  readonly path: string;
  readonly status: number;
  readonly content_type: string;
  readonly body_omitted?: string;
}
const recorded = readFileSync('tools/parity/data/cases.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);
/** Left to the original, or not offered. */
const ELSEWHERE = /^\/(api\/(media|gstin)\/|api\/.*\.json(\?|$)|healthz|\/)/;

function operationOf(address: string): Operation | undefined {
  const path = address.split('?')[0] ?? '';
  const matches = (template: string): boolean => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/.]+')}$`).test(path);
  return (operations.find((one) => one.path === path) ?? operations.find((one) => matches(one.path)))?.get;
}

test('every recorded answer of the original is one that the document knows', () => {
  const served = recorded.filter(({ path, status }) => status === 200 && !ELSEWHERE.test(path));
  const unknown = served.filter(({ path, content_type }) => {
    const success = operationOf(path)?.responses['200'] as { content: Record<string, unknown> } | undefined;
    return success?.content[content_type.split(';')[0] ?? ''] === undefined;
  });
  expect(unknown.map(({ id }) => id)).toEqual([]);
  expect(served.length).toBeGreaterThan(400);
});

test('parameters are those that the view looks at', () => {
  expect(operationOf('/api/inward-bills/')?.parameters.map(({ name }) => name)).toEqual([
    'business',
    'date_from',
    'date_to',
    'page',
    'page_size',
    'q',
  ]);
  expect(operationOf('/api/businesses/7/')?.parameters.map(({ name, in: place }) => `${place} ${name}`)).toEqual([
    'path id',
    'query search',
  ]);
});

test('no two operations share a name', () => {
  const names = operations.map(({ get }) => get?.operationId);
  expect(new Set(names).size).toBe(names.length);
});
