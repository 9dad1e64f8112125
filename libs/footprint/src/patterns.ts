import { asText } from './builtins.js';
import { call, columnsOf, not, opaque, risky, type Expr } from './expr.js';
import { isWholePattern } from './functions/like.js';
import { familyOf } from './types/families.js';
import { collationOf, type Typing } from './typing.js';

const MATCHES: Readonly<Record<string, string>> = { '~~': 'like', '~~*': 'ilike', '~': 'regex', '~*': 'iregex' };
const NEGATED: Readonly<Record<string, string>> = { '!~~': '~~', '!~~*': '~~*', '!~': '~', '!~*': '~*' };

/** LIKE, ILIKE and regular expressions by their operators; undefined for any other operator. */
export function patternMatch(t: Typing, op: string, a: Expr, b: Expr): Expr | undefined {
  const negated = NEGATED[op];
  if (negated !== undefined) return not(match(t, negated, a, b));
  return MATCHES[op] === undefined ? undefined : match(t, op, a, b);
}

function match(t: Typing, op: string, a: Expr, b: Expr): Expr {
  const [text, pattern] = [subject(t, a), asText(t, b)];
  const fn = MATCHES[op] ?? '';
  const folds = op.endsWith('*') && !t.catalog.plainCase;
  const folding = collationOf(text ?? a, pattern ?? b) === 'folding';
  if (
    text === undefined ||
    pattern === undefined ||
    folds ||
    !t.catalog.utf8 ||
    folding ||
    (op.startsWith('~') && !op.startsWith('~~') && columnsOf(pattern).length > 0)
  )
    return (folding || !surelyWhole(b) ? risky : opaque)(fn, [t.current(a), t.current(b)], 'bool');
  return call(fn, [text, pattern]);
}

/** A pattern that is written out; one that comes from elsewhere may be none. */
function surelyWhole(pattern: Expr): boolean {
  return pattern.k === 'const' && (pattern.value === null || isWholePattern(pattern.value));
}

/** LIKE looks at padded text with its padding. */
export function subject(t: Typing, e: Expr): Expr | undefined {
  return familyOf(t.current(e).type) === 'char' ? t.current(e) : asText(t, e);
}
