import { call, not, opaque, type Expr } from './expr.js';

/** `x IN (many values)` as one test over a list, when all compare alike. */
export function asListTest(args: readonly Expr[]): Expr | undefined {
  const [first] = args;
  if (args.length < 5 || first?.k !== 'call' || !first.fn.startsWith('eq:')) return undefined;
  const x = JSON.stringify(first.args[0]);
  const alike = args.every((e) => e.k === 'call' && e.fn === first.fn && JSON.stringify(e.args[0]) === x);
  const elements = args.flatMap((e) => (e.k === 'call' ? [e.args[1] as Expr] : []));
  return alike
    ? call(`any:${first.fn}`, [first.args[0] as Expr, call('list', elements, `${elements[0]?.type ?? 'text'}[]`)])
    : undefined;
}

/** `IS TRUE` and its kind. */
export function booleanTest(kind: string, arg: Expr): Expr {
  const truth = arg.k === 'const' || arg.k === 'param' ? ({ ...arg, type: 'bool' } as Expr) : arg;
  if (truth.type !== 'bool' && truth.k !== 'opaque') return opaque(kind, [truth], 'bool');
  const tests: Readonly<Record<string, Expr>> = {
    IS_TRUE: call('istrue', [truth]),
    IS_NOT_TRUE: not(call('istrue', [truth])),
    IS_FALSE: call('isfalse', [truth]),
    IS_NOT_FALSE: not(call('isfalse', [truth])),
    IS_UNKNOWN: call('isnull', [truth]),
    IS_NOT_UNKNOWN: not(call('isnull', [truth])),
  };
  return tests[kind] ?? opaque(kind, [truth], 'bool');
}
