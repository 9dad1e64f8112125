import type { Entry } from '../case.js';
import type { Dice } from './dice.js';
import { PredicateMaker, type Source } from './predicates.js';
import type { TableShape } from './world.js';

export type Kind = (m: Maker) => string;

/** One statement of the cached kind. Every answer is determined: rows in a total order, or compared as a bag. */
export function makeStatement(d: Dice, world: readonly TableShape[], id: string): Entry {
  return entryOf(d, world, id, KINDS);
}

export function entryOf(d: Dice, world: readonly TableShape[], id: string, kinds: readonly Kind[]): Entry {
  const maker = new Maker(d, world);
  const sql = d.pick(kinds)(maker);
  return { id, sql, params: maker.p.params, order: /ORDER BY (?!.*\))/.test(sql) ? 'list' : 'bag' };
}

export class Maker {
  readonly p: PredicateMaker;

  constructor(
    readonly d: Dice,
    readonly world: readonly TableShape[],
  ) {
    this.p = new PredicateMaker(d);
  }

  any(alias: string): Source {
    return { table: this.d.pick(this.world), alias };
  }

  /** A child and the table it refers to. */
  pair(): { child: Source; parent: Source } {
    const table = this.d.pick(this.world.filter((t) => t.parent !== undefined));
    return {
      child: { table, alias: 'c' },
      parent: { table: this.world.find((t) => t.name === table.parent) as TableShape, alias: 'p' },
    };
  }

  where(...sources: readonly Source[]): string {
    if (this.d.chance(0.1)) return '';
    const conditions = Array.from({ length: this.d.int(1, 2) }, () => this.p.condition(sources));
    return ` WHERE ${conditions.join(' AND ')}`;
  }

  on(...sources: readonly Source[]): string {
    return this.d.chance(0.5) ? ` AND ${this.p.condition(sources)}` : '';
  }

  columns({ table, alias }: Source, count = 2): string {
    return [`${alias}.id`, ...this.d.sample(table.columns, count).map((c) => `${alias}.${c.name}`)].join(', ');
  }

  /** A column whose equal values are written alike: groups and DISTINCT show one of them. */
  plainColumn({ table, alias }: Source): string {
    return `${alias}.${this.d.pick(table.columns.filter((c) => !/^(numeric|char|float8|real|interval|jsonb|numeric\[\]|pair)$|^char|nd$/.test(c.type))).name}`;
  }
}

export const named = ({ table, alias }: Source) => `${table.name} ${alias}`;

const list: Kind = (m) => {
  const a = m.any('a');
  return `SELECT ${m.columns(a)} FROM ${named(a)}${m.where(a)} ORDER BY a.id`;
};

const join: Kind = (m) => {
  const { child: c, parent: p } = m.pair();
  const kind = m.d.pick(['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', 'JOIN', 'LEFT JOIN']);
  const where = m.d.chance(0.7) ? m.where(c, p) : m.where(m.d.pick([c, p]));
  return `SELECT ${m.columns(p, 1)}, ${m.columns(c, 1).replace('c.id', 'c.id AS cid')} FROM ${named(p)} ${kind} ${named(c)} ON c.ref = p.id${kind === 'FULL JOIN' ? '' : m.on(c, p)}${where}`;
};

const three: Kind = (m) => {
  const { child: c, parent: p } = m.pair();
  const x = m.any('x');
  const kinds = ['JOIN', 'LEFT JOIN', 'RIGHT JOIN'];
  const tie = m.d.pick(['x.qty = c.qty', 'x.id = p.id', 'x.qty = p.qty']);
  return `SELECT p.id, c.id AS cid, x.id AS xid FROM ${named(p)} ${m.d.pick(kinds)} ${named(c)} ON c.ref = p.id${m.on(c, p)} ${m.d.pick(kinds)} ${named(x)} ON ${tie}${m.on(x)}${m.where(c, p, x)}`;
};

const pinned: Kind = (m) => {
  const { child: c, parent: p } = m.pair();
  return `SELECT p.id, c.id AS cid FROM ${named(p)}, ${named(c)} WHERE c.ref = p.id AND p.id ${m.d.pick(['=', '>=', '<'])} ${m.p.given(String(m.d.int(1, 9)), 'int')} AND ${m.p.condition([c, p])} ORDER BY p.id, c.id`;
};

const semi: Kind = (m) => {
  const { child: c, parent: p } = m.pair();
  const not = m.d.pick(['', 'NOT ']);
  const test = m.d.pick([
    () => `${not}EXISTS (SELECT 1 FROM ${named(c)} WHERE c.ref = p.id AND ${m.p.condition([c])})`,
    () => `p.id ${not}IN (SELECT c.ref FROM ${named(c)} WHERE ${m.p.condition([c])})`,
    () => `${not}EXISTS (SELECT 1 FROM ${named(c)} WHERE c.ref = p.id AND ${m.p.condition([c, p])})`,
    () =>
      `p.qty ${m.d.pick(['>', '=', '<>'])} ${m.d.pick(['ANY', 'ALL'])} (SELECT c.qty FROM ${named(c)} WHERE ${m.p.condition([c])})`,
  ])();
  const shape = m.d.chance(0.25) ? `(${test} OR ${m.p.condition([p])})` : `${test} AND ${m.p.condition([p])}`;
  return `SELECT ${m.columns(p, 1)} FROM ${named(p)} WHERE ${shape} ORDER BY p.id`;
};

const anti: Kind = (m) => {
  const { child: c, parent: p } = m.pair();
  const test = m.d.pick(['c.id IS NULL', `c.qty IS NULL`, `coalesce(c.qty, 0) = 0`, `(c.qty > 2) IS NOT TRUE`]);
  return `SELECT p.id FROM ${named(p)} LEFT JOIN ${named(c)} ON c.ref = p.id${m.on(c, p)} WHERE ${test}${m.on(p)}`;
};

const scalar: Kind = (m) => {
  const { child: c, parent: p } = m.pair();
  const value = m.d.pick(['count(*)', 'sum(c.qty)', 'max(c.price)']);
  return `SELECT p.id, (SELECT ${value} FROM ${named(c)} WHERE c.ref = p.id AND ${m.p.condition([c])}) AS v FROM ${named(p)}${m.where(p)} ORDER BY p.id`;
};

const aggregate: Kind = (m) => {
  const a = m.any('a');
  const filter = m.d.chance(0.3) ? ` FILTER (WHERE ${m.p.condition([a])})` : '';
  return `SELECT count(*)${filter} AS n, sum(a.qty) AS s, max(a.price) AS m FROM ${named(a)}${m.where(a)}`;
};

const group: Kind = (m) => {
  const a = m.any('a');
  const key = m.plainColumn(a);
  const having = m.d.pick(['', ' HAVING count(*) > 1', ` HAVING sum(a.qty) > ${m.d.int(0, 9)}`]);
  return `SELECT ${key} AS g, count(*) AS n, sum(a.qty) AS s FROM ${named(a)}${m.where(a)} GROUP BY ${key}${having}`;
};

const derived: Kind = (m) => {
  const a = m.any('a');
  const inner = m.d.pick([
    () => `SELECT a.id, a.qty, a.price FROM ${named(a)}${m.where(a)}`,
    () => `SELECT a.id, a.qty, a.price FROM ${named(a)}${m.where(a)} ORDER BY a.qty, a.id LIMIT ${m.d.int(1, 4)}`,
    () => `SELECT a.qty, max(a.id) AS id, sum(a.price) AS price FROM ${named(a)}${m.where(a)} GROUP BY a.qty`,
    () => `SELECT a.id, a.price, a.qty, row_number() OVER (PARTITION BY a.qty ORDER BY a.id) AS r FROM ${named(a)}`,
    () => `SELECT DISTINCT ON (a.qty) a.qty, a.id, a.price FROM ${named(a)}${m.where(a)} ORDER BY a.qty, a.id`,
    () =>
      `SELECT a.id, a.qty, a.price FROM ${named(a)}${m.where(a)} UNION ALL SELECT b.id, b.qty, b.price FROM ${named({ ...a, alias: 'b' })} WHERE b.qty = 1`,
    () =>
      `SELECT a.id, a.qty, a.price FROM ${named(a)} EXCEPT SELECT b.id, b.qty, b.price FROM ${named({ ...a, alias: 'b' })} WHERE b.qty > 2`,
  ])();
  const outer = m.d.pick([
    `s.qty = ${m.p.value('int')}`,
    `s.qty > ${m.p.value('int')}`,
    `s.price < ${m.p.value('numeric(8,2)')}`,
    `s.qty IN (1, 2)`,
    `s.id > 2 AND s.qty = ${m.d.int(0, 5)}`,
  ]);
  return m.d.chance(0.5)
    ? `SELECT s.id FROM (${inner}) s WHERE ${outer}`
    : `WITH s AS ${m.d.pick(['', 'MATERIALIZED '])}(${inner}) SELECT s.id, (SELECT count(*) FROM s t WHERE t.qty = 1) AS n FROM s WHERE ${outer}`;
};

const setop: Kind = (m) => {
  const [a, b] = [m.any('a'), m.any('b')];
  return `SELECT a.id FROM ${named(a)}${m.where(a)} ${m.d.pick(['UNION', 'UNION ALL', 'EXCEPT', 'INTERSECT', 'EXCEPT ALL'])} SELECT b.qty FROM ${named(b)}${m.where(b)} ORDER BY 1`;
};

const top: Kind = (m) => {
  const a = m.any('a');
  return `SELECT ${m.columns(a, 1)} FROM ${named(a)}${m.where(a)} ORDER BY a.price ${m.d.pick(['ASC', 'DESC NULLS LAST'])}, a.id LIMIT ${m.d.int(1, 3)}${m.d.chance(0.3) ? ' OFFSET 1' : ''}`;
};

const self: Kind = (m) => {
  const a = m.any('a');
  const b = { ...a, alias: 'b' };
  return `SELECT a.id, b.id AS bid FROM ${named(a)} ${m.d.pick(['JOIN', 'LEFT JOIN'])} ${named(b)} ON b.qty = a.qty AND b.id > a.id${m.on(b)}${m.where(a, b)} ORDER BY a.id, b.id`;
};

const window: Kind = (m) => {
  const a = m.any('a');
  return `SELECT a.id, sum(a.qty) OVER (PARTITION BY ${m.plainColumn(a)} ORDER BY a.id) AS s FROM ${named(a)}${m.where(a)} ORDER BY a.id`;
};

const flag: Kind = (m) => {
  const a = m.any('a');
  return `SELECT EXISTS (SELECT 1 FROM ${named(a)}${m.where(a)}) AS e`;
};

const lateral: Kind = (m) => {
  const { child: c, parent: p } = m.pair();
  return `SELECT p.id, x.id AS xid FROM ${named(p)} ${m.d.pick(['LEFT', 'INNER'])} JOIN LATERAL (SELECT c.id, c.qty FROM ${named(c)} WHERE c.ref = p.id AND ${m.p.condition([c, p])} ORDER BY c.qty, c.id LIMIT 1) x ON ${m.d.pick(['true', 'x.qty > 1'])}${m.where(p)} ORDER BY p.id`;
};

const nested: Kind = (m) => {
  const { child: c, parent: p } = m.pair();
  const x = m.any('x');
  return `SELECT p.id FROM ${named(p)} WHERE ${m.p.condition([p])} AND p.id IN (SELECT c.ref FROM ${named(c)} ${m.d.pick(['JOIN', 'LEFT JOIN'])} ${named(x)} ON x.id = c.qty${m.on(x)} WHERE ${m.p.condition([c, x])}) ORDER BY p.id`;
};

const whole: Kind = (m) => {
  const a = m.any('a');
  return m.d.chance(0.5)
    ? `SELECT * FROM ${named(a)}${m.where(a)} ORDER BY a.id`
    : `SELECT to_jsonb(a) AS j FROM ${named(a)}${m.where(a)}`;
};

const KINDS: readonly Kind[] = [
  list, list, join, join, join, three, three, pinned, semi, semi, semi, anti, scalar, aggregate, group, derived, derived, setop, top, self, window, flag, lateral, nested, whole,
]; // prettier-ignore
