import type { TypeName } from './catalog.js';
import { NotCacheable } from './errors.js';
import { UNKNOWN_TYPE, call, columnsOf, opaque, risky, type Expr } from './expr.js';
import { collationOf, refuseClock, type Typing } from './typing.js';
import { familyOf } from './types/families.js';

/** `e::type`, with its modifiers (`numeric(10, 2)` has 10 and 2). */
export function cast(t: Typing, e: Expr, type: TypeName, modifiers: readonly number[]): Expr {
  const from = t.current(e);
  const typed = from.type === UNKNOWN_TYPE ? t.as(from, type) : convert(t, from, type);
  return modifiers.length === 0 ? typed : modified(typed, type, modifiers);
}

function modified(e: Expr, type: TypeName, [first, scale]: readonly number[]): Expr {
  const constant = (n: number): Expr => ({ k: 'const', value: String(n), type: 'int4' });
  if (type === 'numeric' && e.k !== 'opaque')
    return call('numeric>scale', [e, constant(scale ?? 0), constant(first ?? 0)], 'numeric');
  if (type === 'varchar' && e.k !== 'opaque')
    return call('text>length', [e, constant(first ?? 0)], 'varchar', collationOf(e));
  return CUTS.includes(type)
    ? opaque(`cast to ${type} with a length`, [e], type)
    : risky(`cast to ${type} with a length`, [e], type);
}

function convert(t: Typing, e: Expr, type: TypeName): Expr {
  const [from, to] = [familyOf(e.type), familyOf(type)];
  const coll = collationOf(e);
  if (e.type === type) return e;
  if (from === 'text' && TIMES.includes(to)) refuseClockText(e, type);
  if (from === 'text' && to === 'text') return call('same>text', [e], type, coll);
  if (to === 'text') return toText(t, e, type);
  if (to === 'char' && (from === 'text' || from === 'char')) return call('same>text', [e], type, coll);
  const fn = type === 'float4' ? undefined : CASTS[`${from}>${to === 'int' || from === 'text' ? type : to}`];
  return fn === undefined ? unknownCast(e, type) : call(fn, [e], type);
}

/** A text that is written out says whether it reads the clock; one that is put together may. Of a column's texts none is taken to. */
function refuseClockText(e: Expr, type: TypeName): void {
  if (e.k === 'const') refuseClock(e.value, type);
  if (e.k === 'call' && e.fn === 'same>text' && e.args[0]?.k === 'const') refuseClock(e.args[0].value, type);
  if (e.k !== 'const' && columnsOf(e).length === 0)
    throw new NotCacheable(`cast of text to ${type}`, "a text like 'today' reads the clock");
}

/** Between times of any kind a cast does not fail, nor between json and jsonb; texts, numbers and all else may not fit. */
function unknownCast(e: Expr, type: TypeName): Expr {
  const why = `cast from ${e.type} to ${type}`;
  const harmless = TIMES.includes(familyOf(e.type)) && TIMES.includes(familyOf(type));
  return harmless ? opaque(why, [e], type) : risky(why, [e], type);
}

const TIMES: readonly string[] = ['date', 'timestamp', 'timestamptz', 'time', 'interval'];
/** Cast to one of these with a length, a value is cut or rounded. */
const CUTS: readonly string[] = ['bpchar', 'varchar', 'timestamp', 'timestamptz', 'time', 'interval'];

function toText(t: Typing, e: Expr, type: TypeName): Expr {
  const from = familyOf(e.type);
  if (from === 'enum') return call('same>text', [e], type);
  const known = ['int', 'numeric', 'bool', 'uuid', 'char'].includes(from) || (from === 'date' && t.catalog.isoDates);
  return known ? call(`${from}>text`, [e], type, collationOf(e)) : opaque(`cast from ${e.type} to text`, [e], type);
}

/** By the family cast from and the type or family cast to. */
const CASTS: Readonly<Record<string, string | undefined>> = {
  'int>numeric': 'int>numeric',
  'int>int2': '>int2',
  'int>int4': '>int4',
  'int>int8': '>int8',
  'numeric>int2': '>int2',
  'numeric>int4': '>int4',
  'numeric>int8': '>int8',
  'float>int2': '>int2',
  'float>int4': '>int4',
  'float>int8': '>int8',
  'date>timestamp': 'date>timestamp',
  'timestamp>date': 'timestamp>date',
  'int>float': 'int>float',
  'numeric>float': 'numeric>float',
  ...Object.fromEntries(
    ['int2', 'int4', 'int8', 'numeric', 'float8', 'bool', 'date', 'timestamp', 'timestamptz', 'uuid', 'jsonb'].map(
      (type) => [`text>${type}`, `text>${type}`],
    ),
  ),
};

/** An explicit collation: C we know, of others nothing. */
export function collated(e: Expr, path: readonly string[]): Expr {
  const name = path.at(-1) ?? '';
  const coll = name === 'C' || name === 'POSIX' || name === 'ucs_basic' ? 'c' : 'folding';
  if (e.k === 'col' || e.k === 'call') return { ...e, coll };
  return e.k === 'param' || e.k === 'const' ? call('same>text', [e], 'text', coll) : e;
}
