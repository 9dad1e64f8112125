import type { Dice } from './dice.js';
import type { PredicateMaker } from './predicates.js';
import { literal } from './world.js';

/** What is asked of columns of one type only. */
type Special = (p: PredicateMaker, d: Dice, q: string) => string;

const number: Special = (p, d, q) =>
  d.pick([
    `${q} + 1 > ${d.int(-1, 6)}`, `${q} % 2 = ${d.int(0, 1)}`, `coalesce(${q}, 0) = ${d.int(0, 2)}`, `${q} * 2 - 1 <= ${d.int(0, 9)}`, `abs(${q}) = ${d.int(0, 5)}`,
    `CASE WHEN ${q} > 3 THEN 'big' ELSE 'small' END = ${p.value('text')}`, `${q} = ANY (${p.given(`{1,2,${d.int(3, 9)}}`, 'int[]')})`, `${q}::text = ${literal(String(d.int(0, 5)))}`,
    `nullif(${q}, 2) IS NULL`, `greatest(${q}, 3) = 3`, `-${q} < 1`, `(${q}, ${q}) > (1, 2)`, `${q} BETWEEN SYMMETRIC 5 AND 1`, `${q} = 1.0`,
    `(${q}, 1) <= (${p.value('int', 0)}, 0)`, `${q} <> ALL (${p.given(d.pick(['{}', '{1,NULL}', '{2,3}']), 'int[]')})`, `(${q} = ANY (${p.given(d.pick(['{}', '{1}']), 'int[]')})) IS FALSE`,
    `num_nulls(${q}) = ${d.int(0, 1)}`, `${q} / 2 = 1`, `CASE ${q} WHEN 1 THEN 2 WHEN 2 THEN NULL ELSE 0 END > 0`, `(${q} > 1) = (${q} < 4)`, `power(${q}, 2) > 4`, `nullif(${q}, 1.5) / 2 = 1.5`, `(${q} > ${d.int(0, 5)}) IS DISTINCT FROM (${q} < 3)`, `${q} NOT BETWEEN ${d.int(0, 3)} AND NULL`,
    `${q} IN (1, 2.0, '3')`, `coalesce(nullif(${q}, 1), ${d.int(0, 3)}) = 2`, `ARRAY[${q}, 1] && '{2,3}'`, `${q} = ALL (ARRAY[2, 2.0])`, `least(${q}, 2.5) = 2`, `CASE WHEN ${q} IS NULL THEN 1 WHEN ${q} > 2 THEN ${q} END = ${d.int(1, 4)}`, `ROW(${q}, 1) IS NOT NULL`,
  ]); // prettier-ignore

const text: Special = (p, d, q) =>
  d.pick([
    `${q} LIKE ${literal(d.pick(['%a%', 'o%', '%k', 'a\\_%', 'A%', '_a%']))}`, `lower(${q}) = lower(${literal(d.pick(['OAK', 'ash', 'Fir']))})`, `length(${q}) > ${d.int(0, 4)}`,
    `${q} ILIKE ${literal(d.pick(['oa%', '%E%']))}`, `${q} NOT LIKE 'o%'`, `${q} || 'x' = ${literal(d.pick(['oakx', 'ashx']))}`, `substr(${q}, 1, 2) = ${literal(d.pick(['oa', 'as']))}`,
    `left(${q}, 1) IN ('o', 'a')`, `${q} ~ '^[a-c]'`, `coalesce(${q}, '') = ''`, `btrim(${q}) = 'teak'`, `${q} = ANY (${p.given('{oak,ash,"teak "}', 'text[]')})`,
    `${q}::bpchar = 'teak'`, `${q} SIMILAR TO ${literal(d.pick(['_', 'oak|ash', 'te%', 'teak']))}`, `${q} ~ ${literal(d.pick(['^.$', '^..$', '[A-Z]', 'k$', '^$']))}`, `${q} ~* '^k$'`,
    `upper(${q}) = 'K'`, `concat(${q}, 'x') = 'x'`, `${q} = ANY (${p.given('{}', 'text[]')})`, `reverse(${q}) = 'kao'`, `${q}::varchar(2) = 'oa'`, `greatest(${q}, 'm') = 'm'`, `${q} LIKE ${literal(d.pick(['%!%', 'a!_b', '!a%', '%x%']))} ESCAPE '!'`, `${q} LIKE ${p.given(d.pick(['o%', 'a#_b', '50#%']), 'text')} ESCAPE '#'`,
    `${q} NOT ILIKE '%A%' ESCAPE ''`, `${q} IN ('oak', 'teak'::char(6))`, `nullif(${q}, 'oak') IS NULL`, `CASE WHEN ${q} LIKE 'o%' THEN ${q} ELSE 'ash' END = 'oak'`, `starts_with(${q}, 'o')`, `${q} = 'teak  '`, `${q} = 'teak  '::text`, `(${q} || '') COLLATE "C" < 'f'`, `replace(${q}, 'a', '') = 'ok'`,
  ]); // prettier-ignore

export const SPECIAL: Readonly<Record<string, Special>> = {
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
  pair: (p, d, q) => d.pick([`(${q}).a = ${d.int(0, 2)}`, `${q} IS NULL`, `${q} IS NOT NULL`, `NOT (${q} IS NULL)`, `${q} = ROW(1, 'oak')::pair`, `(${q}).b LIKE 'o%'`, `${q} IS DISTINCT FROM ${p.value('pair')}`]),
  code: text,
  daterange: (p, d, q) => d.pick([`${q} @> ${p.value('date', 0)}`, `${q} && ${p.value('daterange', 0)}`, `NOT isempty(${q})`, `upper(${q}) > '2024-02-01'`]),
  bytea: (_p, _d, q) => `length(${q}) > 1`,
  'date[]': (p, _d, q) => `${p.value('date', 0)} = ANY (${q})`,
  mood: (p, d, q) => d.pick([`${q} > ${p.value('mood', 0)}`, `${q}::text = 'low'`]),
}; // prettier-ignore
