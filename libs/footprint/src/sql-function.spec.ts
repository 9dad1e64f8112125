import { analyse } from './analyse.js';
import type { Catalog, FunctionFacts, SqlFunction } from './catalog.js';
import { catalogOf } from './catalog-for-tests.js';
import { change, footprintIn, mattersIn } from './matters-for-tests.js';
import { loadParser } from './parser.js';

beforeAll(loadParser);

const plain: FunctionFacts = {
  schema: 'public', name: 'f', minArguments: 1, maxArguments: 1, volatility: 'i', aggregate: false, returnsSet: false, trusted: false,
  language: 'sql', sql: null,
}; // prettier-ignore
const sql: SqlFunction = { body: '', parameters: [['', 'text']], result: 'text', strict: false };

function withFunctions(...functions: Partial<FunctionFacts>[]): Catalog {
  const base = catalogOf({ t: 'id int8 key, kind text, code text, qty int4' });
  const known = new Map(base.functions);
  for (const f of functions) known.set(f.name ?? 'f', [...(known.get(f.name ?? 'f') ?? []), { ...plain, ...f }]);
  return { ...base, functions: known };
}

const lower = withFunctions({ sql: { ...sql, body: 'SELECT lower($1)' } });
const row = { id: '1', kind: 'a', code: 'AB', qty: '3' };
const comes = (values: Partial<typeof row>) => change('t', undefined, { ...row, ...values });

function reasonFor(text: string, known: Catalog): string {
  const analysis = analyse({ name: 'q', text }, known);
  return analysis.kind === 'refused'
    ? analysis.reasons.map((r) => `${r.construct} at ${r.position}: ${r.reason}`).join()
    : 'cached';
}

describe('a function whose body is one expression', () => {
  const text = 'SELECT id FROM t WHERE f(code) = $1';

  test('stands for that expression', () => {
    expect(mattersIn(lower, text, ['ab'], comes({ code: 'AB' }))).toBe(true);
    expect(mattersIn(lower, text, ['ab'], comes({ code: 'AC' }))).toBe(false);
  });

  test.each(['RETURN lower(f.given)', 'BEGIN ATOMIC\n SELECT lower(given);\nEND', 'SELECT lower(given) AS low'])(
    'may be written %j, its arguments named',
    (body) => {
      const known = withFunctions({ sql: { ...sql, body, parameters: [['given', 'text']] } });
      expect(mattersIn(known, text, ['ab'], comes({ code: 'AB' }))).toBe(true);
      expect(mattersIn(known, text, ['ab'], comes({ code: 'AC' }))).toBe(false);
    },
  );

  test('leads to tags like the expression itself', () => {
    const same = withFunctions({ sql: { ...sql, body: 'SELECT $1 = $2', parameters: [['', 'text'], ['', 'text']], result: 'boolean' }, minArguments: 2, maxArguments: 2 }); // prettier-ignore
    expect(mattersIn(same, 'SELECT id FROM t WHERE f(code, $1)', ['x'], comes({ code: 'x' }))).toBe(true);
    expect(footprintIn(same, 'SELECT id FROM t WHERE f(code, $1)').occurrences[0]?.where).toHaveLength(1);
  });

  test('is not asked about nulls when it is strict', () => {
    const body = "SELECT coalesce($1, 'none')";
    const nothing = change('t', undefined, { ...row, code: null });
    const [strict, lenient] = [true, false].map((s) => withFunctions({ sql: { ...sql, body, strict: s } }));
    expect(mattersIn(strict as Catalog, text, ['none'], nothing)).toBe(false);
    expect(mattersIn(lenient as Catalog, text, ['none'], nothing)).toBe(true);
  });

  test('fails where its expression fails, whatever else is said of the row', () => {
    const body = 'SELECT (10 / $1)::text';
    const known = withFunctions({ sql: { ...sql, body, parameters: [['', 'integer']] } });
    const guarded = "SELECT id FROM t WHERE kind = 'a' AND f(qty) = '5'";
    expect(mattersIn(known, guarded, [], comes({ kind: 'b', qty: '0' }))).toBe(true);
    expect(mattersIn(known, guarded, [], comes({ kind: 'b', qty: '2' }))).toBe(false);
  });
});

describe('a function that is not expanded', () => {
  const guarded = "SELECT id FROM t WHERE kind = 'a' AND f(code) = 'x'";

  test('may fail for any row', () => {
    const known = withFunctions({ sql: { ...sql, body: 'SELECT max($1)' } }, { name: 'max', schema: 'pg_catalog', aggregate: true, trusted: true }); // prettier-ignore
    expect(mattersIn(known, guarded, [], comes({ kind: 'b' }))).toBe(true);
    expect(mattersIn(known, guarded, [], change('t', { ...row, qty: '1' }, { ...row, qty: '2' }))).toBe(false);
  });

  test('is not taken for the one of pg_catalog with its name', () => {
    const own = withFunctions({ name: 'lower', schema: 'util', sql: { ...sql, body: "SELECT 'x'" } });
    const text = "SELECT id FROM t WHERE util.lower(code) = 'x'";
    expect(mattersIn(own, text, [], comes({ code: 'y' }))).toBe(true);
  });
});

describe('of functions of pg_catalog that are not computed here', () => {
  const text = (call: string) => `SELECT id FROM t WHERE kind = 'a' AND ${call}`;
  const known = withFunctions(
    ...['to_date', 'regexp_replace'].map((name) => ({ name, schema: 'pg_catalog', trusted: true, minArguments: 1, maxArguments: 4 })),
  ); // prettier-ignore

  test('one that fails for some values may fail for any row', () => {
    expect(mattersIn(known, text("to_date(code, 'YYYY') > '2024-01-01'"), [], comes({ kind: 'b' }))).toBe(true);
    expect(mattersIn(known, text("code::inet = '10.0.0.1'"), [], comes({ kind: 'b' }))).toBe(true);
  });

  test('one that does not leaves the other conditions their say', () => {
    expect(mattersIn(known, text("regexp_replace(code, 'a', 'b') = 'x'"), [], comes({ kind: 'b' }))).toBe(false);
    expect(mattersIn(known, text('regexp_replace(code, kind, kind) = code'), [], comes({ kind: 'b' }))).toBe(true);
  });
});

describe('refused, with the construct and its place', () => {
  const text = 'SELECT id FROM t WHERE f(code) = $1';

  test.each([
    ['plpgsql', null, 'a user-defined function in plpgsql: its body is not read and may read tables'],
    ['sql', null, /overloaded/],
    ['sql', 'SELECT code FROM t', /body reads tables/],
    ['sql', 'SELECT now()::text', 'now() in its body: a stable function: it may read the clock, the session or tables'],
    ['sql', 'SELECT $1; SELECT $1', /more than one SELECT/],
  ])('%s %s', (language, body, reason) => {
    const known = withFunctions({ language, sql: body === null ? null : { ...sql, body } });
    expect(reasonFor(text, known)).toMatch(reason);
    expect(reasonFor(text, known)).toMatch(/^f\(\) at 23: /);
  });
});
