import type { Dice } from './dice.js';
import { SPECIAL } from './special-predicates.js';
import { literal, valueOf, type ColumnShape, type TableShape } from './world.js';

export interface Source {
  readonly table: TableShape;
  readonly alias: string;
}

/** Writes conditions, half of their values as parameters. */
export class PredicateMaker {
  readonly params: (string | null)[] = [];

  constructor(private readonly d: Dice) {}

  value(type: string, nulls = 0.05): string {
    return this.given(valueOf(this.d, type, nulls), type);
  }

  given(text: string | undefined, type: string): string {
    const base = type === 'char(6)' ? 'bpchar' : type.replace(/ COLLATE.*|\(.*\)/g, '');
    if (this.d.chance(0.45)) return text === undefined ? `NULL::${base}` : literal(text);
    this.params.push(text ?? null);
    return `$${this.params.length}${this.d.chance(0.6) ? `::${base}` : `::${base}`}`;
  }

  condition(sources: readonly Source[], depth = 0): string {
    const { d } = this;
    const x = d.next();
    if (depth < 3 && x < 0.3)
      return `(${this.condition(sources, depth + 1)} ${d.pick(['AND', 'AND', 'OR'])} ${this.condition(sources, depth + 1)})`;
    if (depth < 3 && x < 0.37) return `NOT (${this.condition(sources, depth + 1)})`;
    if (x < 0.42)
      return d.pick([`(${this.condition(sources, 3)}) IS NOT TRUE`, `(${this.condition(sources, 3)}) IS UNKNOWN`]);
    if (x < 0.47 && sources.length > 1) return this.tie(sources);
    const { table, alias } = d.pick(sources);
    const column = d.pick(table.columns);
    return this.leaf(`${alias}.${column.name}`, column, `${alias}.`, table);
  }

  private tie(sources: readonly Source[]): string {
    const [a, b] = this.d.sample(sources, 2) as readonly [Source, Source];
    return `${a.alias}.qty ${this.d.pick(['=', '=', '<', '<>'])} ${b.alias}.qty`;
  }

  private leaf(q: string, { type }: ColumnShape, prefix: string, table: TableShape): string {
    const { d } = this;
    if (d.chance(0.1)) return `${q} IS ${d.pick(['', 'NOT '])}NULL`;
    if (d.chance(0.04)) return `${prefix}id = ${this.given(String(d.int(1, 8)), 'int')}`;
    if (d.chance(0.04) && table.columns.some((c) => c.name === 'price'))
      return `${prefix}qty ${d.pick(['<', '>=', '='])} ${prefix}price`;
    const special = SPECIAL[type]?.(this, d, q);
    if (special !== undefined && d.chance(0.5)) return special;
    return this.comparison(q, type);
  }

  private comparison(q: string, type: string): string {
    const { d } = this;
    const x = d.next();
    const ordered = !/text|char|json|\[\]/.test(type) || type.includes('"C"');
    if (x < 0.4) return `${q} = ${this.value(type)}`;
    if (x < 0.55)
      return `${q} ${d.pick(['', '', 'NOT '])}IN (${Array.from({ length: d.int(1, 6) }, () => this.value(type)).join(', ')})`;
    if (x < 0.65 && ordered) return `${q} ${d.pick(['', 'NOT '])}BETWEEN ${this.value(type)} AND ${this.value(type)}`;
    if (x < 0.85 && ordered) return `${q} ${d.pick(['<', '<=', '>', '>='])} ${this.value(type)}`;
    return d.pick([
      `${q} IS ${d.pick(['', 'NOT '])}DISTINCT FROM ${this.value(type)}`,
      `${q} <> ${this.value(type)}`,
      `${this.value(type)} = ${q}`,
    ]);
  }
}
