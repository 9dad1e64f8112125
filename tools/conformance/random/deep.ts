import type { Entry } from '../case.js';
import type { Dice } from './dice.js';
import { PredicateMaker, type Source } from './predicates.js';
import { FLAT, SHAPES } from './shapes.js';
import type { ColumnShape, TableShape } from './world.js';

/** A query whose output has at least `id` and `qty`, whole numbers both. */
export interface Made {
  readonly sql: string;
  readonly columns: readonly ColumnShape[];
}

export interface From {
  readonly sql: string;
  readonly sources: readonly Source[];
}

/** Statements of any shape, one inside another: what no list of kinds has thought of. Compared as bags of rows. */
export function makeDeep(d: Dice, world: readonly TableShape[], id: string): Entry {
  const deep = new Deep(d, world);
  const sql = deep.statement();
  return { id, sql, params: deep.p.params, order: 'bag' };
}

export class Deep {
  readonly p: PredicateMaker;
  private readonly ctes: TableShape[] = [];
  private named = 0;
  /** Sub-queries that may still be begun. */
  private budget = 8;

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
    if (x < 0.22) return this.join(outer, depth);
    if (x < 0.32) return this.lateral(outer, depth);
    if (x < 0.7) return this.derived(outer, depth, '');
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
    const count = this.d.pick([0, 0, 1, 1, 2]);
    const all = Array.from({ length: count }, () => this.condition(sources, outer, depth));
    return all.length === 0 ? '' : ` WHERE ${all.join(' AND ')}`;
  }

  condition(sources: readonly Source[], outer: readonly Source[], depth: number): string {
    const { d } = this;
    const x = d.next();
    if (outer.length > 0 && x < 0.5)
      return `${this.key(sources)} ${d.pick(['=', '=', '=', '<', '>='])} ${this.key(outer)}`;
    if (outer.length > 0 && x < 0.54) return this.p.condition(outer, 2);
    if (this.budget <= 0 || depth <= 0 || x > 0.8) return this.local(sources);
    return this.asked(sources, [...outer, ...sources], depth - 1);
  }

  /** Half of them let most rows pass: an answer that is empty whatever happens shows nothing. */
  private local(sources: readonly Source[]): string {
    if (this.d.chance(0.5)) return this.p.condition(sources, 2);
    return `${this.key(sources)} ${this.d.pick(['< 7', '>= 0', '<> 3', 'IS NOT NULL', 'BETWEEN 0 AND 6'])}`;
  }

  /** A condition with a sub-query. */
  private asked(sources: readonly Source[], seen: readonly Source[], depth: number): string {
    const { d } = this;
    const { sql } = this.query(seen, depth);
    const [key, q] = [this.key(sources), this.name('q')];
    return d.pick([
      `${d.pick(['', 'NOT '])}EXISTS (${sql})`,
      `EXISTS (${sql})`,
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
