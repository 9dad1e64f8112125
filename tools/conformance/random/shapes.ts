import type { Deep, Made } from './deep.js';
import type { Source } from './predicates.js';
import type { ColumnShape } from './world.js';

const KEYS: readonly ColumnShape[] = [
  { name: 'id', type: 'int' },
  { name: 'qty', type: 'int' },
];

/** What a query makes of its sources. */
type Shape = (m: Deep, outer: readonly Source[], depth: number) => Made;

const plain: Shape = (m, outer, depth) => {
  const { sql, sources } = m.from(outer, depth);
  const more = m.extra(sources);
  const second = depth > 0 && m.dice.chance(0.2) ? m.scalar([...outer, ...sources], depth - 1) : m.key(sources);
  const where = m.where(sources, outer, depth);
  return {
    sql: `SELECT ${m.key(sources)} AS id, ${second} AS qty${more.list} FROM ${sql}${where}`,
    columns: [...KEYS, ...more.columns],
  };
};

/** Only `id` and `qty` of some sources, with what becomes of them. */
function over(write: (m: Deep, list: { a: string; b: string }, rest: string) => string): Shape {
  return (m, outer, depth) => {
    const { sql, sources } = m.from(outer, depth);
    const [a, b] = [m.key(sources), m.key(sources)];
    return { sql: write(m, { a, b }, `FROM ${sql}${m.where(sources, outer, depth)}`), columns: KEYS };
  };
}

const group = over((m, { a, b }, rest) => {
  const having = m.dice.pick([
    '',
    ` HAVING count(*) > 1`,
    ` HAVING ${b} > ${m.dice.int(0, 4)}`,
    ` HAVING max(${a}) < 6`,
  ]);
  return `SELECT max(${a}) AS id, ${b} AS qty ${rest} GROUP BY ${b}${having}`;
});

const shapes: Readonly<Record<string, Shape>> = {
  total: (m, outer, depth) => {
    const { sql, sources } = m.from(outer, depth);
    const own = m.key(sources);
    const where = m.where(sources, outer, depth);
    const second = depth > 0 && m.dice.chance(0.4) ? m.scalar(outer, depth - 1) : `sum(${own})::int`;
    return { sql: `SELECT count(*)::int AS id, ${second} AS qty FROM ${sql}${where}`, columns: KEYS };
  },
  rollup: over((m, { a, b }, rest) => `SELECT count(${a})::int AS id, ${b} AS qty ${rest} GROUP BY ${m.dice.pick(['ROLLUP', 'CUBE'])} (${b})`),
  distinct: over((_m, { a, b }, rest) => `SELECT DISTINCT ${a} AS id, ${b} AS qty ${rest}`),
  distinctOn: over((_m, { a, b }, rest) => `SELECT DISTINCT ON (${b}) ${a} AS id, ${b} AS qty ${rest} ORDER BY ${b}, ${a}`),
  top: over((m, { a, b }, rest) => `SELECT ${a} AS id, ${b} AS qty ${rest} ORDER BY 2, 1 LIMIT ${m.dice.int(1, 3)}${m.dice.pick(['', ' OFFSET 1'])}`),
  window: over((m, { a, b }, rest) => `SELECT ${a} AS id, ${m.dice.pick(['count(*)', `sum(${a})`, `max(${a})`])} OVER (${m.dice.pick([`PARTITION BY ${b}`, ''])})::int AS qty ${rest}`),
  filter: over((m, { a, b }, rest) => `SELECT ${b} AS id, count(*) FILTER (WHERE ${a} > ${m.dice.int(0, 4)})::int AS qty ${rest} GROUP BY ${b}`),
  values: (m) => ({ sql: `SELECT v.id, v.qty FROM (VALUES (1, ${m.dice.int(1, 4)}), (${m.dice.int(2, 5)}, NULL)) v(id, qty)`, columns: KEYS }),
  literal: over((m, { a }, rest) => `SELECT ${a} AS id, ${a} AS qty ${rest} UNION ALL SELECT '${m.dice.int(0, 4)}', '${m.dice.int(0, 4)}' FROM ${m.from([], 0).sql}`),
  set: (m, outer, depth) => {
    const [left, right] = [m.another(outer, depth - 1), m.another(outer, depth - 1)].map(({ sql }) => `SELECT id, qty FROM (${sql}) u`);
    return { sql: `${left} ${m.dice.pick(['UNION', 'UNION ALL', 'UNION ALL', 'EXCEPT', 'INTERSECT', 'EXCEPT ALL'])} ${right}`, columns: KEYS };
  },
}; // prettier-ignore

export const FLAT: readonly Shape[] = [plain, plain, plain, group];
export const SHAPES: readonly Shape[] = [plain, plain, plain, plain, plain, group, ...Object.values(shapes)];
