import type { TypeName } from './catalog.js';
import { CALM_FUNCTIONS, CALM_WITH_CONSTANTS } from './calm-functions.js';
import { UNKNOWN_TYPE, call, columnsOf, opaque, risky, type Expr } from './expr.js';
import { collationOf, refuseClock, type Typing } from './typing.js';
import { familyOf } from './types/families.js';

type Build = (t: Typing, args: readonly Expr[]) => Expr | undefined;

/** Text functions see padded text without its padding, and take untyped literals as text. */
function texts(t: Typing, args: readonly Expr[]): readonly Expr[] | undefined {
  const typed = args.map((a) => asText(t, a));
  return typed.every((a) => a !== undefined) ? typed : undefined;
}

export function asText(t: Typing, e: Expr): Expr | undefined {
  const typed = t.current(e).type === UNKNOWN_TYPE ? t.as(e, 'text') : t.current(e);
  if (familyOf(typed.type) === 'text') return typed;
  return familyOf(typed.type) === 'char' ? call('char>text', [typed], 'text', collationOf(typed)) : undefined;
}

function textFunction(fn: string, type: TypeName = 'text'): Build {
  return (t, args) => {
    const typed = texts(t, args);
    return typed && call(fn, typed, type, collationOf(...typed));
  };
}

function cased(fn: string): Build {
  return (t, args) => {
    const typed = texts(t, args);
    if (typed === undefined || !t.catalog.plainCase || collationOf(...typed) === 'folding') return undefined;
    return call(fn, typed, 'text', collationOf(...typed));
  };
}

/** A text and then whole numbers. */
function textAndCounts(fn: string): Build {
  return (t, [text, ...counts]) => {
    const [first] = texts(t, text === undefined ? [] : [text]) ?? [];
    const numbers = counts.map((n) => (t.current(n).type === UNKNOWN_TYPE ? t.as(n, 'int4') : t.current(n)));
    if (first === undefined || !numbers.every((n) => n.type === 'int4')) return undefined;
    return call(fn, [first, ...numbers], 'text', collationOf(first));
  };
}

function numeric(fn: string): Build {
  return (t, [a]) => {
    if (a === undefined) return undefined;
    const e = t.current(a);
    const family = familyOf(e.type);
    if (family === 'int') return call(`${fn}:${e.type}`, [e], e.type);
    return family === 'numeric' || family === 'float' ? call(`${fn}:${family}`, [e], e.type) : undefined;
  };
}

/** floor and its kind exist for numeric and float8 only: an integer becomes a float. */
function whole(fn: string): Build {
  return (_t, [a]) => (a?.type === 'numeric' ? call(`${fn}:numeric`, [a], 'numeric') : undefined);
}

const extract: Build = (t, [field, source]) => {
  if (field?.k !== 'const' || source === undefined) return undefined;
  const name = field.value?.toLowerCase() ?? '';
  // A field that the type does not have.
  if (!(source.type === 'date' ? DATE_FIELDS : TIME_FIELDS).has(name)) return risky('extract()', [source], 'numeric');
  if (!['date', 'timestamp'].includes(source.type)) return undefined;
  return call(`extract:${source.type}`, [t.as(field, 'text'), source], 'numeric');
};

const DATE_FIELDS = new Set(
  'year month quarter week day dow isodow doy isoyear decade century millennium epoch julian'.split(' '),
);
const TIME_FIELDS = new Set([...DATE_FIELDS, ...'hour minute second millisecond milliseconds microseconds'.split(' ')]);

/** With one argument of each: both the same array type. */
function arrays(fn: string, type: TypeName): Build {
  return (t, args) => {
    const known = args.map((a) => t.current(a)).find((a) => a.type.endsWith('[]'));
    if (known === undefined || !plain(known.type)) return undefined;
    const typed = args.map((a) => (t.current(a).type === UNKNOWN_TYPE ? t.as(a, known.type) : t.current(a)));
    return typed.every((a) => a.type === known.type) ? call(fn, typed, type) : undefined;
  };
}

function plain(type: TypeName): boolean {
  return ['int4[]', 'int8[]', 'int2[]', 'text[]', 'uuid[]', 'date[]', 'bool[]', 'numeric[]'].includes(type);
}

/** Functions of pg_catalog whose value we can compute, by name. Undefined from one of them: not for these types. */
export const BUILTINS: Readonly<Record<string, Build>> = {
  lower: cased('lower'),
  upper: cased('upper'),
  length: textFunction('length', 'int4'),
  char_length: textFunction('length', 'int4'),
  character_length: textFunction('length', 'int4'),
  btrim: (t, args) => (args.length === 1 ? textFunction('btrim')(t, args) : undefined),
  ltrim: (t, args) => (args.length === 1 ? textFunction('ltrim')(t, args) : undefined),
  rtrim: (t, args) => (args.length === 1 ? textFunction('rtrim')(t, args) : undefined),
  replace: textFunction('replace'),
  strpos: textFunction('strpos', 'int4'),
  starts_with: textFunction('starts', 'bool'),
  like_escape: textFunction('like_escape'),
  substr: textAndCounts('substring'),
  substring: textAndCounts('substring'),
  repeat: textAndCounts('repeat'),
  left: textAndCounts('left'),
  right: textAndCounts('right'),
  abs: numeric('abs'),
  floor: whole('floor'),
  ceil: whole('ceil'),
  ceiling: whole('ceil'),
  round: (t, args) => (args.length === 1 ? whole('round')(t, args) : undefined),
  extract,
  date_trunc: (t, [field, source]) =>
    field?.k === 'const' && source?.type === 'timestamp'
      ? call('trunc:timestamp', [t.as(field, 'text'), source], 'timestamp')
      : undefined,
  cardinality: arrays('cardinality', 'int4'),
  array_length: (t, [a, d]) =>
    a !== undefined && d?.k === 'const' && d.value === '1' ? arrays('array_length', 'int4')(t, [a]) : undefined,
};

/** Result types of other functions: enough to type a literal that is compared with them. */
const RESULTS: Readonly<Record<string, TypeName>> = {
  to_char: 'text', concat: 'text', concat_ws: 'text', format: 'text', initcap: 'text', lpad: 'text', rpad: 'text', md5: 'text', count: 'int8',
  split_part: 'text', regexp_replace: 'text', string_agg: 'text', to_date: 'date', make_date: 'date', row_number: 'int8', rank: 'int8',
  dense_rank: 'int8', reverse: 'text', translate: 'text', to_json: 'json', to_jsonb: 'jsonb', row_to_json: 'json',
  date_part: 'float8', bool_and: 'bool', bool_or: 'bool', normalize: 'text',
}; // prettier-ignore

const FIRST_ARGUMENT = new Set([
  'min',
  'max',
  'lag',
  'lead',
  'first_value',
  'last_value',
  'nth_value',
  'lower',
  'upper',
]);

export function builtin(t: Typing, name: string, args: readonly Expr[]): Expr {
  const built = BUILTINS[name]?.(t, args);
  if (built !== undefined) return built;
  // An untyped literal in a function that we do not follow may become a date there.
  for (const a of args)
    if (a.k === 'const' && a.type === UNKNOWN_TYPE && /^\s*(now|today|tomorrow|yesterday)\s*$/i.test(a.value ?? ''))
      refuseClock(a.value, 'other:?');
  const first = args[0] === undefined ? undefined : t.current(args[0]);
  const type =
    FIRST_ARGUMENT.has(name) && first !== undefined
      ? first.type
      : (sumType(name, first?.type) ?? RESULTS[name] ?? 'other:?');
  const typed = args.map((a) => t.current(a));
  return (failsForNoRow(name, typed) ? opaque : risky)(`${name}()`, typed, type);
}

const TIMES = new Set(['date', 'timestamp', 'timestamptz', 'time', 'timetz']);

function failsForNoRow(name: string, args: readonly Expr[]): boolean {
  // date(text) is a cast in another spelling.
  if (TIMES.has(name) && args.some((a) => familyOf(a.type) === 'text')) return false;
  const [all, first] = [CALM_FUNCTIONS.has(name), CALM_WITH_CONSTANTS.has(name)];
  const [fromRow, given] = [args.filter((a) => columnsOf(a).length > 0), args.filter((a) => columnsOf(a).length === 0)];
  return all || (first && fromRow.length < 2 && given.every((a) => a.k === 'const'));
}

function sumType(name: string, type: TypeName | undefined): TypeName | undefined {
  if (type === undefined || (name !== 'sum' && name !== 'avg')) return undefined;
  if (type === 'numeric' || type === 'int8') return 'numeric';
  if (name === 'avg' && (type === 'int2' || type === 'int4')) return 'numeric';
  return type === 'int4' || type === 'int2' ? 'int8' : undefined;
}
