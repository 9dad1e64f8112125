import type { Entry } from '../case.js';
import type { Dice } from './dice.js';
import { PredicateMaker, type Source } from './predicates.js';
import type { ColumnShape, TableShape } from './world.js';

/** A query whose output has at least `id` and `qty`, whole numbers both. */
interface Made {
  readonly sql: string;
  readonly columns: readonly ColumnShape[];
}

interface From {
  readonly sql: string;
  readonly sources: readonly Source[];
}

const KEYS: readonly ColumnShape[] = [
  { name: 'id', type: 'int' },
  { name: 'qty', type: 'int' },
];

/** Statements of any shape, one inside another: what no list of kinds has thought of. Compared as bags of rows. */
export function makeDeep(d: Dice, world: readonly TableShape[], id: string): Entry {
  const deep = new Deep(d, world);
  const sql = deep.statement();
  return { id, sql, params: deep.p.params, order: 'bag' };
}

class Deep {
  readonly p: PredicateMaker;
  private readonly ctes: TableShape[] = [];
  private named = 0;
  /** Sub-queries that may still be begun. */
  private budget = 7;

  constructor(
    private readonly d: Dice,
    private readonly world: readonly TableShape[],
  ) {
    this.p = new PredicateMaker(d);
  }

  statement(): string {
    const parts = Array.from({ length: this.d.pick([0, 0, 1, 2]) }, () => {
      const { sql, columns } = this.query([], 2);
      const name = this.name('w');
      this.ctes.push(shape(name, columns));
      return `${name} AS ${this.d.pick(['', '', 'MATERIALIZED ', 'NOT MATERIALIZED '])}(${sql})`;
    });
    const { sql } = this.query([], 3);
    return parts.length === 0 ? sql : `WITH ${parts.join(', ')} ${sql}`;
  }

  private name(letter: string): string {
    this.named += 1;
    return `${letter}${this.named}`;
  }

  private query(outer: readonly Source[], depth: number): Made {
    this.budget -= 1;
    return this.d.pick(this.budget > 0 && depth > 0 ? SHAPES : FLAT)(this, outer, depth);
  }

  from(outer: readonly Source[], depth: number): From {
    const x = this.budget > 0 && depth > 0 ? this.d.next() : 1;
    if (x < 0.3) return this.join(outer, depth);
    if (x < 0.4) return this.lateral(outer, depth);
    if (x < 0.6) return this.derived(outer, depth, '');
    const table = this.d.pick([...this.world, ...this.ctes, ...this.ctes]);
    const alias = this.name('t');
    return { sql: `${table.name} ${alias}`, sources: [{ table, alias }] };
  }

  private derived(outer: readonly Source[], depth: number, word: string): From {
    const { sql, columns } = this.query(outer, depth - 1);
    const alias = this.name('s');
    return { sql: `${word}(${sql}) ${alias}`, sources: [{ table: shape(alias, columns), alias }] };
  }

  private join(outer: readonly Source[], depth: number): From {
    const [left, right] = [this.from(outer, depth - 1), this.from(outer, depth - 1)];
    const kind = this.d.pick(['JOIN', 'JOIN', 'LEFT JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', 'CROSS JOIN']);
    const sources = [...left.sources, ...right.sources];
    const tie = `${this.key(left.sources)} = ${this.key(right.sources)}`;
    const on = kind === 'FULL JOIN' || this.d.chance(0.4) ? tie : `${tie} AND ${this.condition(sources, outer, 1)}`;
    return { sql: `(${left.sql} ${kind} ${right.sql}${kind === 'CROSS JOIN' ? '' : ` ON ${on}`})`, sources };
  }

  private lateral(outer: readonly Source[], depth: number): From {
    const left = this.from(outer, depth - 1);
    const right = this.derived([...outer, ...left.sources], depth, 'LATERAL ');
    const sources = [...left.sources, ...right.sources];
    const link = this.d.chance(0.5) ? 'CROSS JOIN' : 'LEFT JOIN';
    const on = link === 'CROSS JOIN' ? '' : ` ON ${this.d.chance(0.5) ? 'true' : this.condition(sources, outer, 1)}`;
    return { sql: `(${left.sql} ${link} ${right.sql}${on})`, sources };
  }

  key(sources: readonly Source[]): string {
    return `${this.d.pick(sources).alias}.${this.d.pick(['id', 'qty', 'qty'])}`;
  }

  where(sources: readonly Source[], outer: readonly Source[], depth: number): string {
    const count = this.d.pick([0, 1, 1, 2]);
    const all = Array.from({ length: count }, () => this.condition(sources, outer, depth));
    return all.length === 0 ? '' : ` WHERE ${all.join(' AND ')}`;
  }

  condition(sources: readonly Source[], outer: readonly Source[], depth: number): string {
    const { d } = this;
    const x = d.next();
    if (outer.length > 0 && x < 0.4)
      return `${this.key(sources)} ${d.pick(['=', '=', '=', '<', '>='])} ${this.key(outer)}`;
    if (outer.length > 0 && x < 0.45) return this.p.condition(outer, 2);
    if (this.budget <= 0 || depth <= 0 || x > 0.7) return this.p.condition(sources, 1);
    return this.asked(sources, [...outer, ...sources], depth - 1);
  }

  /** A condition with a sub-query. */
  private asked(sources: readonly Source[], seen: readonly Source[], depth: number): string {
    const { d } = this;
    const { sql } = this.query(seen, depth);
    const [key, q] = [this.key(sources), this.name('q')];
    return d.pick([
      `${d.pick(['', 'NOT '])}EXISTS (${sql})`,
      `${key} ${d.pick(['', 'NOT '])}IN (SELECT ${q}.qty FROM (${sql}) ${q})`,
      `(${key} IN (SELECT ${q}.id FROM (${sql}) ${q})) IS ${d.pick(['NOT TRUE', 'FALSE', 'NOT FALSE'])}`,
      `${key} ${d.pick(['<', '=', '<>', '>='])} ${d.pick(['ANY', 'ALL'])} (SELECT ${q}.qty FROM (${sql}) ${q})`,
      `(SELECT count(*) FROM (${sql}) ${q}) ${d.pick(['>', '=', '<'])} ${d.int(0, 3)}`,
      `${key} = (SELECT max(${q}.qty) FROM (${sql}) ${q})`,
      `(${key}, ${this.key(sources)}) IN (SELECT ${q}.id, ${q}.qty FROM (${sql}) ${q})`,
    ]);
  }

  /** A value that a sub-query computes. */
  scalar(seen: readonly Source[], depth: number): string {
    const { sql } = this.query(seen, depth);
    const q = this.name('q');
    return `(SELECT ${this.d.pick(['count(*)::int', `max(${q}.qty)`, `sum(${q}.id)::int`])} FROM (${sql}) ${q})`;
  }

  extra(sources: readonly Source[]): { list: string; columns: readonly ColumnShape[] } {
    if (this.d.chance(0.4)) return { list: '', columns: [] };
    const { table, alias } = this.d.pick(sources);
    const column = this.d.pick(table.columns);
    const name = this.name('c');
    return { list: `, ${alias}.${column.name} AS ${name}`, columns: [{ name, type: column.type }] };
  }

  get dice(): Dice {
    return this.d;
  }

  another(outer: readonly Source[], depth: number): Made {
    return this.query(outer, depth);
  }
}

function shape(name: string, columns: readonly ColumnShape[]): TableShape {
  return { name, columns, parent: undefined, identity: 'full', ddl: '' };
}

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

const FLAT: readonly Shape[] = [plain, plain, plain, group];
const SHAPES: readonly Shape[] = [plain, plain, plain, plain, plain, group, ...Object.values(shapes)];
