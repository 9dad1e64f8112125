import type { Entry } from '../case.js';
import type { Dice } from './dice.js';
import { entryOf, named, type Kind } from './statements.js';
import type { TableShape } from './world.js';

/** Statements of the rarer parts of SELECT. */
export function makeRare(d: Dice, world: readonly TableShape[], id: string): Entry {
  return entryOf(d, world, id, KINDS);
}

const JOINS = ['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'] as const;

const using: Kind = (m) => {
  const [a, b] = [m.any('a'), m.any('b')];
  const key = m.d.pick(['id', 'qty', 'id, qty']);
  const merged = m.d.pick([
    `${key.slice(0, 2) === 'id' ? 'id' : 'qty'} ${m.d.pick(['=', '<', '<>'])} ${m.d.int(1, 5)}`,
    'a.id IS NULL',
    'b.price IS NOT NULL',
  ]);
  const where = m.d.pick([` WHERE ${merged}`, ` WHERE ${merged} AND ${m.p.condition([a, b])}`, m.where(a, b), '']);
  return `SELECT ${key}, a.price AS x, b.price AS y FROM ${named(a)} ${m.d.pick([...JOINS, 'FULL JOIN'])} ${named(b)} USING (${key})${where}`;
};

const natural: Kind = (m) => {
  const [a, b] = [m.any('a'), m.any('b')];
  return `SELECT * FROM (SELECT a.id, a.qty FROM ${named(a)}${m.where(a)}) x NATURAL ${m.d.pick(JOINS)} (SELECT b.${m.d.pick(['id', 'qty'])}, b.price FROM ${named(b)}${m.where(b)}) y${m.d.chance(0.5) ? ` WHERE ${m.d.pick(['qty > 1', 'price IS NULL', 'qty = 2'])}` : ''}`;
};

const rows: Kind = (m) => {
  const { child: c, parent: p } = m.pair();
  const test = m.d.pick([
    `(p.id, p.qty) ${m.d.pick(['IN', 'NOT IN'])} (SELECT c.ref, c.qty FROM ${named(c)} WHERE ${m.p.condition([c])})`,
    `(p.id, p.qty) ${m.d.pick(['<', '>=', '=', '<>'])} (${m.d.int(1, 5)}, ${m.d.int(0, 4)})`,
    `(p.qty, p.price) IS DISTINCT FROM (${m.d.int(0, 3)}, 1.50)`,
    `ROW(p.qty, p.price) IS ${m.d.pick(['', 'NOT '])}NULL`,
    `p IS ${m.d.pick(['', 'NOT '])}NULL`,
    `(p.id, p.qty) = (SELECT max(c.ref), ${m.d.int(0, 4)} FROM ${named(c)} WHERE ${m.p.condition([c])})`,
  ]);
  return `SELECT p.id, p.qty FROM ${named(p)} WHERE ${test} AND ${m.p.condition([p])}`;
};

const FRAMES = [
  '',
  ' ROWS BETWEEN 1 PRECEDING AND CURRENT ROW',
  ' RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING',
  ' GROUPS 1 PRECEDING',
  ' ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING EXCLUDE CURRENT ROW',
];

const frames: Kind = (m) => {
  const a = m.any('a');
  const call = m.d.pick(['sum(a.qty)', 'count(*)', 'first_value(a.qty)', 'lag(a.qty, 1)', 'max(a.price)', 'rank()']);
  const inner = `SELECT a.id, a.qty, ${call} OVER w AS v FROM ${named(a)}${m.where(a)} WINDOW w AS (PARTITION BY ${m.d.pick(['a.qty', 'a.qty % 2', m.plainColumn(a)])} ORDER BY a.id${m.d.pick(FRAMES)})`;
  return `SELECT s.id, s.v FROM (${inner}) s${m.d.pick(['', ` WHERE s.qty = ${m.d.int(0, 5)}`, ` WHERE s.id > 2`, ` WHERE s.qty % 2 = 1`, ' WHERE s.v IS NULL'])}`;
};

const ties: Kind = (m) => {
  const a = m.any('a');
  // As a bag: those that tie come in any order.
  return `SELECT s.id, s.qty FROM (SELECT a.id, a.qty FROM ${named(a)}${m.where(a)} ORDER BY a.qty${m.d.pick(['', ' DESC', ' NULLS FIRST'])} FETCH FIRST ${m.d.int(1, 3)} ROWS WITH TIES) s`;
};

const sets: Kind = (m) => {
  const a = m.any('a');
  const by = m.d.pick([
    'GROUPING SETS ((k), (n), ())',
    'GROUPING SETS ((k, n), (k))',
    'ROLLUP (k, n)',
    'CUBE (k, n)',
    'k, ROLLUP (n)',
  ]);
  return `SELECT * FROM (SELECT k, n, grouping(k, n) AS g, count(*) AS c FROM (SELECT a.qty AS k, a.qty % 2 AS n FROM ${named(a)}${m.where(a)}) s GROUP BY ${by}${m.d.pick(['', ' HAVING count(*) > 1', ' HAVING k > 1'])}) t${m.d.pick(['', ' WHERE t.k = 1', ' WHERE t.k IS NULL', ' WHERE t.n = 1 OR t.n IS NULL'])}`;
};

const given: Kind = (m) => {
  const a = m.any('a');
  return `SELECT a.id, v.w FROM ${named(a)} ${m.d.pick(JOINS)} (VALUES (1, 'x'), (${m.d.int(2, 4)}, NULL), (NULL, 'y')) v(k, w) ON v.k = a.${m.d.pick(['qty', 'id'])}${m.where(a)}`;
};

const recursive: Kind = (m) => {
  const { child: c, parent: p } = m.pair();
  return `WITH RECURSIVE r(id, n) AS (SELECT p.id, ${m.d.pick(['0', 'p.qty'])} FROM ${named(p)}${m.where(p)} UNION${m.d.pick(['', ' ALL'])} SELECT c.id, ${m.d.pick(['r.n', 'c.qty'])} FROM ${named(c)} JOIN r ON c.ref = r.id WHERE c.ref < c.id AND ${m.p.condition([c])}) SELECT r.id, r.n FROM r${m.d.pick(['', ' WHERE r.id = 3', ' WHERE r.n > 1', ` JOIN ${p.table.name} q ON q.id = r.id AND q.qty > 1`])}`;
};

const mixed: Kind = (m) => {
  const [a, b] = [m.any('a'), m.any('b')];
  const op = m.d.pick(['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT', 'UNION ALL']);
  const [left, right] = m.d.pick([
    ['a.qty', 'b.price'],
    ['a.qty', "'2'"],
    ['a.price', 'b.id'],
    ['a.id', 'b.qty::bigint'],
    ['NULL', 'b.qty'],
  ] as const);
  return `SELECT u.v${op === 'UNION ALL' ? '' : '::float8'} AS v FROM (SELECT ${left} AS v FROM ${named(a)}${m.where(a)} ${op} SELECT ${right} FROM ${named(b)}${m.where(b)}) u${m.d.pick(['', ' WHERE u.v = 2', ' WHERE u.v > 1.5', ' WHERE u.v IS NOT NULL', ' WHERE u.v IN (1, 2, 3.0)'])}`;
};

const listed: Kind = (m) => {
  const { child: c, parent: p } = m.pair();
  const list = `ARRAY(SELECT c.${m.d.pick(['qty', 'ref'])} FROM ${named(c)} WHERE ${m.p.condition([c])})`;
  const test = m.d.pick([
    `p.qty = ANY (${list})`,
    `p.id <> ALL (${list})`,
    `${list} && ARRAY[p.qty, 1]`,
    `cardinality(${list}) > p.qty`,
  ]);
  return `SELECT p.id FROM ${named(p)} WHERE ${test}${m.on(p)}`;
};

const outerAggregate: Kind = (m) => {
  const { child: c, parent: p } = m.pair();
  return `SELECT (SELECT ${m.d.pick(['count(p.id)', 'max(p.qty)', 'sum(p.qty)'])}) AS n, (SELECT count(*) FROM ${named(c)} WHERE ${m.p.condition([c])}) AS k FROM ${named(p)}${m.where(p)}`;
};

const selfOuter: Kind = (m) => {
  const x = m.any('x');
  const [y, z] = [
    { ...x, alias: 'y' },
    { ...x, alias: 'z' },
  ];
  return `SELECT x.id, y.id AS yid, z.id AS zid FROM ${named(x)} LEFT JOIN ${named(y)} ON y.id = x.qty${m.on(x, y)} ${m.d.pick(JOINS.slice(0, 3))} ${named(z)} ON z.qty = ${m.d.pick(['y.id', 'x.id'])}${m.on(z)} WHERE ${m.d.pick(['z.id IS NULL', 'y.id IS NULL OR z.qty > 1', m.p.condition([x, y, z])])}`;
};

const chosen: Kind = (m) => {
  const { child: c, parent: p } = m.pair();
  const value = `(SELECT max(c.qty) FROM ${named(c)} WHERE c.ref = p.id AND ${m.p.condition([c])})`;
  const pick = m.d.pick([
    `coalesce(${value}, p.qty)`,
    `CASE WHEN ${m.p.condition([p])} THEN ${value} ELSE p.qty END`,
    `nullif(${value}, p.qty)`,
    `greatest(${value}, 2)`,
  ]);
  return m.d.chance(0.5)
    ? `SELECT p.id, ${pick} AS v FROM ${named(p)}${m.where(p)}`
    : `SELECT p.id FROM ${named(p)} WHERE ${pick} ${m.d.pick(['>', '=', 'IS DISTINCT FROM'])} ${m.d.int(0, 4)}${m.on(p)}`;
};

const parts: Kind = (m) => {
  const a = m.any('a');
  const part = /PARTITION OF (\w+)/.test(a.table.ddl) ? `${a.table.name}_${m.d.int(0, 1)}` : a.table.name;
  return `SELECT ${m.columns(a)} FROM ${m.d.pick(['', 'ONLY '])}${part} a${m.where(a)}`;
};

const unnested: Kind = (m) => {
  const a = m.any('a');
  const arrays = a.table.columns.filter((c) => c.type.endsWith('[]'));
  const list = arrays[0] === undefined ? 'ARRAY[a.qty, a.id]' : `a.${m.d.pick(arrays).name}`;
  return m.d.pick([
    `SELECT a.id, u.x FROM ${named(a)}, LATERAL unnest(${list}) WITH ORDINALITY u(x, n)${m.where(a)}`,
    `SELECT a.id, u.x FROM ${named(a)} LEFT JOIN LATERAL unnest(${list}) u(x) ON ${m.d.pick(['true', 'a.qty > 1'])}${m.where(a)}`,
    `SELECT s.id, s.x FROM (SELECT a.id, unnest(${list}) AS x FROM ${named(a)}${m.where(a)}) s WHERE s.id ${m.d.pick(['> 2', '= 3'])}`,
  ]);
};

const quoted: Kind = (m) => {
  const { child, parent } = m.pair();
  const [c, p] = [
    { ...child, alias: '"Of us"' },
    { ...parent, alias: m.d.pick(['"select"', '"P."', `public.${parent.table.name}`]) },
  ];
  const from = p.alias.startsWith('public') ? p.alias : `"public"."${p.table.name}" AS ${p.alias}`;
  return `SELECT ${p.alias}.id AS "the ""id""", ${c.alias}."qty" FROM ${from} ${m.d.pick(JOINS)} public.${c.table.name} ${c.alias} ON ${c.alias}."ref" = ${p.alias}."id"${m.where(c, p)}`;
};

const counted: Kind = (m) => {
  const [a, b] = [m.any('a'), m.any('b')];
  const few = `(SELECT ${m.d.pick(['count(*)', 'max(b.qty)', 'count(DISTINCT b.qty)'])} FROM ${named(b)}${m.where(b)})`;
  return m.d.pick([
    `SELECT a.id, a.qty FROM ${named(a)}${m.where(a)} ORDER BY a.id LIMIT abs${few}`,
    `SELECT a.id FROM ${named(a)} ORDER BY a.id OFFSET abs${few}`,
    `VALUES (1), (2), (3), (NULL), (5) ORDER BY 1 LIMIT abs${few}`,
    `SELECT v.n FROM (VALUES (1), (2), (${m.d.int(0, 4)})) v(n) WHERE v.n ${m.d.pick(['<', '=', '<>'])} ${few}`,
    `SELECT a.id FROM ${named(a)}${m.where(a)} ORDER BY a.qty * ${few}, a.id LIMIT 2`,
    `VALUES (${few}, (SELECT sum(a.qty) FROM ${named(a)}${m.where(a)}))`,
  ]);
};

const wholeRows: Kind = (m) => {
  const { child: c, parent: p } = m.pair();
  const join = `FROM ${named(p)} LEFT JOIN ${named(c)} ON c.ref = p.id${m.on(c, p)}`;
  return m.d.pick([
    `SELECT p.qty, count(c) AS n, count(c.*) AS m ${join} GROUP BY p.qty`,
    `SELECT p.id ${join} WHERE c IS ${m.d.pick(['NULL', 'NOT NULL'])}${m.on(p)}`,
    `SELECT p.id ${join} WHERE NOT (c IS ${m.d.pick(['NULL', 'NOT NULL'])})`,
    `SELECT p.id, (c).qty AS q ${join} WHERE (p).qty > ${m.d.int(0, 3)}`,
    `SELECT p.id ${join} WHERE ROW(p.id, p.qty) ${m.d.pick(['=', '<>', '<', 'IS DISTINCT FROM'])} ROW(c.ref, c.qty)`,
  ]);
};

const KINDS: readonly Kind[] = [
  quoted, quoted, counted, counted, wholeRows, using, using, natural, rows, rows, frames, frames, ties, sets, given, recursive, recursive, mixed, mixed, listed, outerAggregate, selfOuter, selfOuter, chosen, parts, unnested,
]; // prettier-ignore
