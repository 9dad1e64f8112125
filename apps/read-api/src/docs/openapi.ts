import { ApiError } from '../api-error.js';
import { BODY_TYPES } from '../http/request-body.js';
import { type Choice, type Route } from '../route.js';
import { type View, type ViewRequest } from '../view.js';
import answers from './answers.json';

export interface OpenApi {
  readonly openapi: string;
  readonly info: object;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: object;
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: object;
  readonly security: readonly object[];
  readonly responses: Readonly<Record<string, object>>;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: object;
}

const JSON_TYPE = 'application/json';
const EXCEL_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const SIGNED_IN = [{ accessToken: [] }];

const problem = (description: string): object => ({
  description,
  content: { [JSON_TYPE]: { schema: { type: 'object' } } },
});

/** What every operation may answer besides 200. */
const PROBLEMS = {
  304: { description: 'The caller has this answer already (`If-None-Match`)' },
  400: problem('A parameter has no valid value'),
  401: problem('No login, or one that does not count'),
  403: problem('Not for this role'),
  404: problem('No such row or page'),
  406: problem('`Accept` allows no JSON'),
  500: problem('A fault of the service'),
  503: problem('The database is out of reach; try again after `Retry-After`'),
};

/** Describes the paths from the routes themselves: nothing is written down twice. */
export function openApi(routes: readonly Route[]): OpenApi {
  return {
    openapi: '3.1.0',
    info: { title: 'Freshet read API', version: '1', description: 'GST billing, read through the cache.' },
    paths: Object.fromEntries(routes.map((route) => [templateOf(route.path), operations(route)])),
    components: {
      schemas: answers,
      securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

function templateOf(path: string): string {
  return path.replace(/:(\w+)#?/g, '{$1}');
}

function operations(route: Route): Record<string, Operation> {
  const get = route.views.length === 0 ? {} : { get: read(route) };
  return route.post === undefined ? get : { ...get, post: post(route) };
}

function read(route: Route): Operation {
  const name = route.views.at(-1)?.view.name ?? route.path;
  return {
    operationId: name,
    tags: [name.split('.')[0] ?? name],
    parameters: [...pathParameters(route.path), ...queryParameters(route)],
    security: route.access === 'anyone' ? [] : SIGNED_IN,
    responses: { 200: success(route.views.map(({ view }) => view)), ...PROBLEMS },
  };
}

function post(route: Route): Operation {
  const operationId = `${route.views.at(-1)?.view.name ?? route.path}.post`;
  const workbook = { description: 'The answer', content: { [EXCEL_TYPE]: {} } };
  const responses = { 200: workbook, ...PROBLEMS, 415: problem('The body is of another type') };
  const requestBody = { content: Object.fromEntries(BODY_TYPES.map((type) => [type, { schema: { type: 'object' } }])) };
  return { operationId, tags: ['report'], parameters: [], requestBody, security: SIGNED_IN, responses };
}

/** Of several views of one path, the query chooses. */
function success(views: readonly View[]): object {
  const inJson = views.filter(({ contentType }) => contentType === undefined).map(({ name }) => answerOf(name));
  const json =
    inJson.length === 0 ? {} : { [JSON_TYPE]: { schema: inJson.length === 1 ? inJson[0] : { anyOf: inJson } } };
  const others = views.map(({ contentType }) => contentType).filter((type) => type !== undefined);
  const texts = Object.fromEntries(others.map((type) => [type, { schema: { type: 'string' } }]));
  return { description: 'The answer', content: { ...json, ...texts } };
}

/** What a view answers is the type of its rendering; `answers.spec.ts` makes the file. */
function answerOf(view: string): object {
  return { $ref: `#/components/schemas/${view}` };
}

function pathParameters(path: string): Parameter[] {
  return [...path.matchAll(/:(\w+)(#?)/g)].map(([, name = '', digits]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', pattern: digits === '#' ? '^[0-9]+$' : '^[^/.]+$' },
  }));
}

function queryParameters(route: Route): Parameter[] {
  const names = new Set(route.views.flatMap((choice) => namesRead(choice)));
  return [...names].sort().map((name) => ({ name, in: 'query', required: false, schema: { type: 'string' } }));
}

/** Tried for every parameter: one may be needed before the next is looked at. */
const TRIED_VALUES = [undefined, '1', '2024-01-01'];

/** The parameters a view looks at, found by watching it. */
function namesRead({ view, when = {} }: Choice): string[] {
  const names = new Set(Object.keys(when));
  const path = new Proxy<Record<string, string>>({}, { get: () => '1' });
  for (const value of TRIED_VALUES) {
    const look = (_: object, name: string | symbol): string | undefined => (names.add(String(name)), value);
    const query = new Proxy<Record<string, string | undefined>>({}, { get: look });
    try {
      view.params({ ...NOBODY, path, query });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
  return [...names];
}

const NOBODY: Omit<ViewRequest, 'path' | 'query'> = {
  origin: 'http://localhost',
  today: '2024-01-01',
  address: '/',
  mediaLink: (path) => path,
  userId: 1,
};
