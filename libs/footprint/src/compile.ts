import type { Expr } from './expr.js';
import { arithmetic } from './functions/arithmetic.js';
import { casts } from './functions/casts.js';
import { comparison } from './functions/comparison.js';
import { containers } from './functions/containers.js';
import { dates } from './functions/dates.js';
import { logic } from './functions/logic.js';
import { text } from './functions/text.js';
import type { Lenient, Strict } from './functions/table.js';
import { and3, or3 } from './three-valued.js';
import { parseText } from './types/families.js';
import { FAILS, UNKNOWN, type Value } from './types/value.js';

/** What an expression is evaluated over: one image of a row, and the values of the read. */
export interface Frame {
  column(name: string): Value;
  param(n: number, type: string): Value;
}

export type Compiled = (frame: Frame) => Value;

const tables = [comparison, logic, arithmetic, text, casts, dates, containers];
const STRICT: Readonly<Record<string, Strict | undefined>> = Object.assign(
  {},
  ...tables.map((t) => t.strict),
) as Record<string, Strict>;
const LENIENT: Readonly<Record<string, Lenient | undefined>> = Object.assign(
  {},
  ...tables.map((t) => t.lenient),
) as Record<string, Lenient>;

/** One closure per expression, made once per footprint. A function that this version does not know is not known: a newer one wrote it. */
export function compile(e: Expr): Compiled {
  switch (e.k) {
    case 'col':
      return (frame) => frame.column(e.name);
    case 'param':
      return (frame) => frame.param(e.n, e.type);
    case 'const': {
      const value = e.value === null ? null : parseText(e.type, e.value);
      return () => value;
    }
    case 'and':
    case 'or': {
      const args = e.args.map(compile);
      const combine = e.k === 'and' ? and3 : or3;
      return (frame) => combine(args.map((arg) => arg(frame)));
    }
    case 'call':
      return compileCall(e.fn, e.args.map(compile));
    case 'opaque':
      return compileOpaque(e.args.map(compile), e.raises === true);
    default:
      return () => UNKNOWN;
  }
}

/** What is not computed is not known; whether it fails may be. */
function compileOpaque(args: readonly Compiled[], raises: boolean): Compiled {
  if (raises) return () => FAILS;
  return (frame) => (args.some((arg) => arg(frame) === FAILS) ? FAILS : UNKNOWN);
}

function compileCall(fn: string, args: readonly Compiled[]): Compiled {
  const lenient = LENIENT[fn];
  if (lenient !== undefined) return (frame) => lenient(args.map((arg) => arg(frame)));
  const strict = STRICT[fn];
  if (strict === undefined) return () => UNKNOWN;
  return (frame) =>
    applyStrict(
      strict,
      args.map((arg) => arg(frame)),
    );
}

function applyStrict(run: Strict, args: readonly Value[]): Value {
  if (args.includes(FAILS)) return FAILS;
  if (args.includes(null)) return null;
  return args.includes(UNKNOWN) ? UNKNOWN : run(...(args as never[]));
}
