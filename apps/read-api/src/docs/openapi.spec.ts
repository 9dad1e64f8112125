import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { apiRoutes } from '../routes.js';
import { openApi, type Operation } from './openapi.js';

const document = openApi(apiRoutes());
const operations = Object.entries(document.paths).map(([path, { get }]) => ({ path, get }));

interface Recorded {
  readonly id: string;
  readonly path: string;
  readonly status: number;
  readonly content_type: string;
  readonly body: unknown;
  readonly body_omitted?: string;
}
interface Expected {
  readonly status?: number;
  readonly body?: unknown;
  readonly any?: readonly Expected[];
}
const recorded = readFileSync('tools/parity/data/cases.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);
/** Where the contract departs from the recording. */
const fixes = JSON.parse(readFileSync('tools/parity/data/fixes.json', 'utf8')) as Record<string, { expect: Expected }>;
/** Left to the original, or not offered. */
const ELSEWHERE = /^\/(api\/(media|gstin)\/|api\/.*\.json(\?|$)|healthz|\/)/;

function operationOf(address: string): Operation | undefined {
  const path = address.split('?')[0] ?? '';
  const matches = (template: string): boolean => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/.]+')}$`).test(path);
  return (operations.find((one) => one.path === path) ?? operations.find((one) => matches(one.path)))?.get;
}

const served = recorded.filter(({ path, status }) => status === 200 && !ELSEWHERE.test(path));
const mediaType = ({ content_type }: Recorded): string => content_type.split(';')[0] ?? '';

function contentOf(address: string): Readonly<Record<string, { schema: object } | undefined>> {
  const success = operationOf(address)?.responses['200'] as { content: Record<string, { schema: object }> } | undefined;
  return success?.content ?? {};
}

test('every recorded answer of the original is one that the document knows', () => {
  const unknown = served.filter((one) => contentOf(one.path)[mediaType(one)] === undefined);
  expect(unknown.map(({ id }) => id)).toEqual([]);
  expect(served.length).toBeGreaterThan(400);
});

/** The answers to a case that are right. */
function bodiesOf(one: Recorded): readonly unknown[] {
  const expected = fixes[one.id]?.expect ?? {};
  return (expected.any ?? [expected]).filter(({ status = 200 }) => status === 200).map(({ body = one.body }) => body);
}

test('every recorded body is what the document says of its path', () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  ajv.addVocabulary(['components']).addSchema({ components: document.components }, 'openapi');
  const validators = new Map<string, ValidateFunction>();
  const isAsSaid = (one: Recorded): boolean => {
    const schema = JSON.stringify(contentOf(one.path)[mediaType(one)]?.schema).replaceAll('"#/', '"openapi#/');
    const validate = validators.get(schema) ?? ajv.compile(JSON.parse(schema) as object);
    validators.set(schema, validate);
    return bodiesOf(one).every((body) => validate(body));
  };
  const inJson = served.filter((one) => mediaType(one) === 'application/json');
  expect(inJson.filter((one) => !isAsSaid(one)).map(({ id }) => id)).toEqual([]);
  expect(inJson.length).toBeGreaterThan(400);
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
