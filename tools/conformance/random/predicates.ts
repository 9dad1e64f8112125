import type { Dice } from './dice.js';
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

type Special = (p: PredicateMaker, d: Dice, q: string) => string;

const number: Special = (p, d, q) =>
  d.pick([
    `${q} + 1 > ${d.int(-1, 6)}`, `${q} % 2 = ${d.int(0, 1)}`, `coalesce(${q}, 0) = ${d.int(0, 2)}`, `${q} * 2 - 1 <= ${d.int(0, 9)}`, `abs(${q}) = ${d.int(0, 5)}`,
    `CASE WHEN ${q} > 3 THEN 'big' ELSE 'small' END = ${p.value('text')}`, `${q} = ANY (${p.given(`{1,2,${d.int(3, 9)}}`, 'int[]')})`, `${q}::text = ${literal(String(d.int(0, 5)))}`,
    `nullif(${q}, 2) IS NULL`, `greatest(${q}, 3) = 3`, `-${q} < 1`, `(${q}, ${q}) > (1, 2)`, `${q} BETWEEN SYMMETRIC 5 AND 1`, `${q} = 1.0`,
    `(${q}, 1) <= (${p.value('int', 0)}, 0)`, `${q} <> ALL (${p.given(d.pick(['{}', '{1,NULL}', '{2,3}']), 'int[]')})`, `(${q} = ANY (${p.given(d.pick(['{}', '{1}']), 'int[]')})) IS FALSE`,
    `num_nulls(${q}) = ${d.int(0, 1)}`, `${q} / 2 = 1`, `CASE ${q} WHEN 1 THEN 2 WHEN 2 THEN NULL ELSE 0 END > 0`, `(${q} > 1) = (${q} < 4)`, `power(${q}, 2) > 4`,
  ]); // prettier-ignore

const text: Special = (p, d, q) =>
  d.pick([
    `${q} LIKE ${literal(d.pick(['%a%', 'o%', '%k', 'a\\_%', 'A%', '_a%']))}`, `lower(${q}) = lower(${literal(d.pick(['OAK', 'ash', 'Fir']))})`, `length(${q}) > ${d.int(0, 4)}`,
    `${q} ILIKE ${literal(d.pick(['oa%', '%E%']))}`, `${q} NOT LIKE 'o%'`, `${q} || 'x' = ${literal(d.pick(['oakx', 'ashx']))}`, `substr(${q}, 1, 2) = ${literal(d.pick(['oa', 'as']))}`,
    `left(${q}, 1) IN ('o', 'a')`, `${q} ~ '^[a-c]'`, `coalesce(${q}, '') = ''`, `btrim(${q}) = 'teak'`, `${q} = ANY (${p.given('{oak,ash,"teak "}', 'text[]')})`,
    `${q}::bpchar = 'teak'`, `${q} SIMILAR TO ${literal(d.pick(['_', 'oak|ash', 'te%', 'teak']))}`, `${q} ~ ${literal(d.pick(['^.$', '^..$', '[A-Z]', 'k$', '^$']))}`, `${q} ~* '^k$'`,
    `upper(${q}) = 'K'`, `concat(${q}, 'x') = 'x'`, `${q} = ANY (${p.given('{}', 'text[]')})`, `reverse(${q}) = 'kao'`, `${q}::varchar(2) = 'oa'`, `greatest(${q}, 'm') = 'm'`,
  ]); // prettier-ignore

const SPECIAL: Readonly<Record<string, Special>> = {
  int: number,
  smallint: number,
  numeric: (p, d, q) => d.pick([`${q} + 1 > ${d.int(-1, 6)}`, `round(${q}) = ${d.int(0, 3)}`, `${q}::text = '1.0'`, `coalesce(${q}, 0) = 0`, `${q} = ANY (${p.given('{1.00,2.5}', 'numeric[]')})`]),
  real: (_p, d, q) => d.pick([`${q} + ${q} > 2`, `${q} * 2 = 0.2`, `${q}::int = 1`, `${q} = 0.1`, `${q}::float8 = 0.1`]),
  interval: (p, _d, q) => `${q} * 2 > ${p.value('interval', 0)}`,
  int4range: (p, d, q) => d.pick([`${q} @> ${d.int(0, 5)}`, `${q} && ${p.value('int4range', 0)}`, `lower(${q}) = 1`, `isempty(${q})`, `${d.int(0, 3)} <@ ${q}`]),
  'numeric(8,2)': (_p, d, q) => d.pick([`${q} * 2 > ${d.int(0, 9)}`, `${q}::int = ${d.int(0, 3)}`, `floor(${q}) = 1`]),
  text,
  'text COLLATE "C"': text,
  'varchar(12)': text,
  'char(6)': text,
  boolean: (_p, d, q) => d.pick([q, `NOT ${q}`, `${q} IS TRUE`, `${q} IS NOT TRUE`, `${q} IS NOT FALSE`, `${q} IS UNKNOWN`]),
  date: (p, d, q) => d.pick([`EXTRACT(month FROM ${q}) = ${d.int(1, 4)}`, `${q} + 10 > ${p.value('date')}`, `${q} < ${p.value('timestamp')}`, `${q} >= '2024-02-01' AND ${q} < '2024-03-01'`]),
  timestamp: (_p, d, q) => d.pick([`date_trunc('month', ${q}) = '2024-01-01'`, `EXTRACT(year FROM ${q}) = 2024`, `${q}::date = '2024-01-01'`]),
  'text[]': (p, d, q) => d.pick([`'ash' = ANY(${q})`, `${q} && ${p.given('{elm,yew}', 'text[]')}`, `cardinality(${q}) > 1`, `${q} @> '{ash}'`, `${q}[1] = 'elm'`]),
  'int[]': (_p, d, q) => d.pick([`${d.int(1, 3)} = ANY(${q})`, `${q} && '{2,3}'`, `array_length(${q}, 1) = 1`, `${q} <@ '{1,2,3}'`]),
  jsonb: (p, d, q) => d.pick([`${q} @> ${p.given('{"a":1}', 'jsonb')}`, `${q} ->> 'b' = ${p.given('x', 'text')}`, `${q} ? 'a'`, `${q} -> 'a' = '1'`, `${q} #>> '{a,b}' IS NOT NULL`]),
  mood: (p, d, q) => d.pick([`${q} > ${p.value('mood', 0)}`, `${q}::text = 'low'`]),
}; // prettier-ignore
