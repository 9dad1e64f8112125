import { analyse } from './analyse.js';
import type { Catalog, FunctionFacts } from './catalog.js';
import { catalogOf } from './catalog-for-tests.js';
import { explainRefusal } from './explain.js';
import { loadParser } from './parser.js';

const base = catalogOf({ t: 'id int4 key, day date, s text', u: 'id int4 key, k int4', hidden: 'id int4 key' });
const facts = (name: string) => base.tables.get(name as never) ?? base.tables.values().next().value;
const view = (table: string, definition: string) =>
  [table, { ...facts('t'), table, name: table, kind: 'view', definition, columns: [] }] as never;
const more = (name: string, fields: Partial<FunctionFacts>): [string, FunctionFacts[]] => [
  name,
  [{ schema: 'pg_catalog', name, minArguments: 0, maxArguments: 3, volatility: 'i', aggregate: false, returnsSet: false, trusted: true, language: 'internal', sql: null, ...fields }],
]; // prettier-ignore

const catalog: Catalog = {
  ...base,
  tables: new Map([
    ...base.tables,
    ['hidden', { ...facts('hidden'), published: false }] as never,
    ['made', { ...facts('t'), table: 'made', name: 'made', columns: [...(facts('t')?.columns ?? []), { name: 'g', type: 'date', typmod: -1, notNull: false, collation: 'c', generated: "'now'::date" }] }] as never,
    view('clocked', 'SELECT now() AS n'),
    view('lost', 'SELECT x FROM nothing'),
  ]),
  functions: new Map([
    ...base.functions,
    more('jsonb_populate_record', { maxArguments: 2 }),
    more('mine', { schema: 'public', trusted: false, language: 'plpgsql' }),
    more('today', { schema: 'public', trusted: false, language: 'sql', maxArguments: 1, minArguments: 1, sql: { body: "SELECT $1 = 'today'", parameters: [['', 'date']], result: 'boolean', strict: false } }),
  ]),
  restlessOperators: new Set(['<=>']),
  restlessCasts: new Set(['money_box']),
}; // prettier-ignore

beforeAll(loadParser);

/** `§` stands before the construct; the é before it makes of a count of characters another number than of bytes. */
const STATEMENTS: readonly (readonly [construct: string, text: string])[] = [
  ['now()', "SELECT 'é', §now()"],
  ['now()', 'SELECT id FROM t WHERE day IN (SELECT §now()::date)'],
  ['mine()', "SELECT 'é' FROM t WHERE §mine(id) > 1"],
  ['missing()', 'SELECT §missing(id) FROM t'],
  ['CURRENT_DATE', 'SELECT id FROM t WHERE day < §CURRENT_DATE'],
  ['operator <=>', "SELECT 'é' FROM t WHERE id §<=> 1"],
  ['cast to regclass', "SELECT 'é', 't'::§regclass"],
  ['cast to money_box', 'SELECT CAST(id AS §money_box) FROM t'],
  ["'today'", "SELECT 'é' FROM t WHERE day = §'today'"],
  ["'today'", "SELECT 'today' AS s FROM t WHERE day IN ('2024-01-01', §'today')"],
  ["'now'", "SELECT 'é' FROM t WHERE s > 'a' AND CAST(§'now' AS date) = day"],
  ["'tomorrow'", "SELECT 'é' UNION SELECT NULL UNION ALL SELECT s FROM (SELECT s, §'tomorrow' AS e FROM t UNION SELECT s, day FROM t) x"],
  ["'now'", "SELECT 'now' FROM (VALUES (1, '2024-01-01'::date), (2, §'now')) v(a, b)"],
  ['cast of text to date', "SELECT 'é' FROM t WHERE day = ('to' || 'day')§::date"],
  ['FOR UPDATE or FOR SHARE', "SELECT substring('é' FOR 2) FROM t §FOR NO KEY UPDATE"],
  ['FOR UPDATE or FOR SHARE', 'SELECT id FROM (SELECT id FROM t §for share) x'],
  ['SELECT INTO', "SELECT 'é' AS into_ §INTO TEMP x FROM t"],
  ['TABLESAMPLE', "SELECT 'é' FROM t §TABLESAMPLE SYSTEM (10)"],
  ['DELETE', "WITH é AS (§DELETE FROM t RETURNING *) SELECT 1"],
  ['UPDATE', 'WITH x AS (§UPDATE ONLY t SET id = 1 RETURNING *) SELECT 1'],
  ['INSERT', 'WITH x AS (§INSERT INTO t DEFAULT VALUES RETURNING *) SELECT 1'],
  ['MERGE', 'WITH x AS (§MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE RETURNING t.id) SELECT 1'],
  ['InsertStmt', '  /* é */ §INSERT INTO t DEFAULT VALUES'],
  ['VariableShowStmt', '-- é\n §SHOW timezone'],
  ['statement', "SELECT 'é';  §SELECT 2"],
  ['text', "SELECT 'é' FROM §FROM t"],
  ['text', 'SELECT id FROM t WHERE (§'],
  ['missing', "SELECT 'é' FROM t JOIN §missing ON true"],
  ['pg_class', 'SELECT relname FROM §pg_class'],
  ['other.t', 'SELECT 1 FROM §other.t'],
  ['hidden', "SELECT 'é' FROM t, §hidden"],
  ['ctid', "SELECT 'é', §ctid FROM t"],
  ['xmin', 'SELECT 1 FROM t WHERE §t.xmin = 1'],
  ['nope', "SELECT 'é' FROM t ORDER BY §nope"],
  ['t.nope', 'SELECT 1 FROM t HAVING sum(§t.nope) > 1'],
  ['x.id', 'SELECT 1 FROM t WHERE §x.id = 1'],
  ['x.*', "SELECT 'é', §x.* FROM t"],
  ['id', 'SELECT 1 FROM t, u WHERE §id = 1'],
  ['USING (day)', "SELECT 'é' FROM t JOIN u §USING (day)"],
  ['NATURAL JOIN', "SELECT 'é' FROM t §NATURAL JOIN jsonb_populate_record(NULL::t, '{}') p"],
  ['*', "SELECT 'é', §* FROM jsonb_populate_record(NULL::t, '{}') p"],
  ['p.*', "SELECT §p.* FROM jsonb_populate_record(NULL::t, '{}') p"],
  ['s', "SELECT id FROM t WHERE EXISTS (SELECT 1 FROM jsonb_populate_record(NULL::t, '{}') p WHERE §s = 'a')"],
  ['OVER', 'SELECT sum(id) OVER §w FROM t'],
  ['SEARCH or CYCLE', "WITH RECURSIVE r(a) AS (SELECT 1 UNION ALL SELECT a FROM r) §SEARCH DEPTH FIRST BY a SET b SELECT 'é'"],
  ['JsonFuncExpr', "SELECT 'é', §json_exists('{}', '$') FROM t"],
  ['JsonTable', "SELECT 'é' FROM t, §JSON_TABLE('[]', '$' COLUMNS (a int)) j"],
  ['now() in view clocked', "SELECT 'é' FROM t, §clocked"],
  ['nothing in view lost', 'SELECT 1 FROM §lost'],
  ["'now' in generated column g", "SELECT 'now' AS é, g FROM §made"],
  ["'today'", "SELECT 'é' FROM t WHERE §today(day)"],
  ['statement', `SELECT ${Array.from({ length: 200 }, (_, i) => `a${i}.id`).join(', ')}, 'é' FROM ${Array.from({ length: 200 }, (_, i) => `t a${i}`).join(', ')}, §t b`],
  ['statement', `§SELECT id FROM t WHERE ${'NOT '.repeat(4000)}true`],
]; // prettier-ignore

test.each(STATEMENTS)('%s stands where it is said to: %s', (construct, marked) => {
  const text = marked.replace('§', '');
  const analysis = analyse({ name: 'q', text }, catalog);
  const reasons = analysis.kind === 'refused' ? analysis.reasons : [];
  const found = reasons.filter((r) => r.construct === construct);
  expect(found.length > 0 ? found.map((r) => r.position) : reasons.map(explainRefusal)).toEqual([
    Buffer.byteLength(marked.split('§')[0] ?? ''),
  ]);
});

test('a setting of the database has no place in the text', () => {
  const odd = { ...catalog, peculiarities: ['the setting transform_null_equals'] };
  const analysis = analyse({ name: 'q', text: 'SELECT id FROM t' }, odd);
  expect(analysis.kind === 'refused' && analysis.reasons.map(explainRefusal)).toEqual([
    expect.stringMatching(/^the setting transform_null_equals, one of the settings, not of the text: /),
  ]);
});
