import type { Dice } from './dice.js';

export interface ColumnShape {
  readonly name: string;
  readonly type: string;
  /** Computed by PostgreSQL from others. */
  readonly generated?: true;
}

export interface TableShape {
  readonly name: string;
  readonly columns: readonly ColumnShape[];
  /** The table that `ref` points to. */
  readonly parent: string | undefined;
  readonly identity: 'full' | 'default';
  readonly ddl: string;
}

const WORDS = [
  'ash',
  'birch',
  'Cedar',
  'elm',
  'Fir',
  'oak',
  'Oak',
  '',
  'teak ',
  "it's",
  '50%',
  'a_b',
  'AB1',
  'éa',
  'K',
  '😀',
  'teak',
];
const ids = [
  '3f0c0000-0000-4000-8000-00000000000a',
  '3F0C0000-0000-4000-8000-00000000000B',
  'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
];

/** Values by type, chosen close together so that rows meet predicates often, and at the edges of what types can say. */
export const VALUES: Readonly<Record<string, (d: Dice) => string>> = {
  int: (d) => String(d.int(-2, 8)),
  smallint: (d) => String(d.int(0, 5)),
  bigint: (d) => d.pick(['1', '2', '3', '9007199254740992', '9007199254740993', '-5', '300', '1000']),
  text: (d) => d.pick(WORDS),
  'text COLLATE "C"': (d) => d.pick(WORDS),
  'varchar(12)': (d) => d.pick(WORDS),
  'char(6)': (d) => d.pick(WORDS),
  numeric: (d) => d.pick(['1', '1.0', '1.00', '2.5', '2.50', '0', '-3.25', '10', '1000.5', 'NaN']),
  'numeric(8,1)': (d) => d.pick(['1.3', '2.9', '0', '1.9', '125.7', '-8.9', '1524.1']),
  'numeric(8,2)': (d) => d.pick(['1', '1.5', '2.25', '99', '99.00', '0', '-7', '1200.10']),
  boolean: (d) => d.pick(['true', 'false']),
  date: (d) =>
    d.chance(0.05) ? d.pick(['infinity', '0044-03-15 BC']) : `2024-0${d.int(1, 4)}-${d.pick(['01', '15', '28'])}`,
  timestamp: (d) =>
    d.pick(['2024-01-01 00:00:00', '2024-01-01 05:30:00', '2024-02-29 12:00:00.5', '1969-12-31 23:59:59', 'infinity']),
  timestamptz: (d) =>
    d.pick([
      '2024-01-01 00:00:00+00',
      '2024-01-01 05:30:00+05:30',
      '2024-02-01 12:00:00+00',
      '2024-03-31 23:59:59.5+00',
    ]),
  'text COLLATE nd': (d) => d.pick(WORDS),
  real: (d) => d.pick(['1', '1.5', '0.1', '16777216', 'NaN', '0']),
  interval: (d) => d.pick(['1 mon', '30 days', '24:00:00', '1 day', '-1 day', '1 year 2 mons']),
  time: (d) => d.pick(['10:00', '10:00:00.5', '24:00', '00:00']),
  int4range: (d) => d.pick(['[1,5)', '[1,4]', '(0,5)', 'empty', '(,3]', '[2,)']),
  float8: (d) => d.pick(['1', '1.5', '-0', '0', 'NaN', '0.25']),
  'text[]': (d) => d.pick(['{}', '{ash}', '{ash,elm}', '{elm,ash}', '{oak,NULL}']),
  'int[]': (d) => d.pick(['{}', '{1}', '{1,2}', '{2,NULL}', '{3,4,5}']),
  jsonb: (d) => d.pick(['{}', '{"a":1}', '{"a":1.0,"b":"x"}', '{"b":"y","c":null}', '[1,2]', '"x"', '{"a":{"b":"x"}}']),
  uuid: (d) => d.pick(ids),
  mood: (d) => d.pick(['low', 'mid', 'high']),
  pair: (d) => d.pick(['(1,oak)', '(1,)', '(,)', '(2,Oak)', '(1,"oak")']),
  code: (d) => d.pick(WORDS),
  daterange: (d) =>
    d.pick(['[2024-01-01,2024-02-01)', '(2023-12-31,2024-01-31]', 'empty', '[2024-02-01,)', '(,infinity]']),
  bytea: (d) => d.pick(['\\x00', '\\x00ff', '']),
  'date[]': (d) => d.pick(['{}', '{2024-01-01}', '{2024-01-01,NULL}', '{2024-02-15,2024-01-28}']),
  'varchar(8) COLLATE "C"': (d) => d.pick(WORDS),
};

const NAMES = ['orchard', 'tree', 'harvest', 'buyer'];

const GENERATED = [
  { name: 'twice', type: 'int', from: 'qty * 2' },
  { name: 'rounded', type: 'numeric(8,1)', from: 'price * 1.27' },
];

function partsOf(name: string): string {
  const part = (i: number) =>
    `CREATE TABLE ${name}_${i} PARTITION OF ${name} FOR VALUES WITH (MODULUS 2, REMAINDER ${i})`;
  return [0, 1].map(part).join('; ');
}

/** A few tables; each but the first refers to an earlier one. */
export function makeWorld(d: Dice): readonly TableShape[] {
  const names = NAMES.slice(0, d.int(2, 4));
  return names.map((name, i) => {
    const types = Object.keys(VALUES);
    const columns: ColumnShape[] = [
      { name: 'qty', type: 'int' },
      { name: 'price', type: 'numeric(8,2)' },
      ...Array.from({ length: d.int(3, 6) }, (_, k) => ({ name: `c${k}`, type: d.pick(types) })),
    ];
    const parent = i === 0 ? undefined : d.pick(names.slice(0, i));
    const generated = d.chance(0.25) ? GENERATED : [];
    const partitioned = d.chance(0.15);
    const ref = parent === undefined ? '' : ', ref int';
    const ddl = `CREATE TABLE ${name} (id int PRIMARY KEY, ${columns.map((c) => `${c.name} ${c.type}`).join(', ')}${ref}${generated.map((g) => `, ${g.name} ${g.type} GENERATED ALWAYS AS (${g.from}) STORED`).join('')})${partitioned ? ` PARTITION BY HASH (id); ${partsOf(name)}` : ''}`;
    return {
      name,
      columns: [...columns, ...generated.map((g): ColumnShape => ({ name: g.name, type: g.type, generated: true }))],
      parent,
      identity: partitioned || d.chance(0.85) ? 'full' : 'default',
      ddl,
    };
  });
}

export function literal(text: string | undefined): string {
  return text === undefined ? 'NULL' : `'${text.replaceAll("'", "''")}'`;
}

export function valueOf(d: Dice, type: string, nulls = 0.15): string | undefined {
  return d.chance(nulls) ? undefined : (VALUES[type] as (d: Dice) => string)(d);
}
