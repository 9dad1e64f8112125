import type { ColumnFacts } from './catalog.js';
import { cast } from './casting.js';
import { NotCacheable, inside } from './errors.js';
import { opaque, type Expr } from './expr.js';
import { parse } from './parser.js';
import { ExprResolver } from './resolve-expr.js';
import type { Resolver } from './resolve.js';
import { Scope, newLevel, type Column } from './scope.js';
import type { Typing } from './typing.js';

/** A generated column is not in the log: its expression over the base columns stands for it. */
export function generatedColumn(r: Resolver, c: ColumnFacts, base: readonly Column[], alias: string): Column {
  const scope = new Scope(undefined, [{ alias, columns: base, system: false, open: false }], base);
  return inside(`generated column ${c.name}`, () => ({ name: c.name, expr: expressionOf(r, c, scope) }));
}

function expressionOf(r: Resolver, c: ColumnFacts, scope: Scope): Expr {
  const [node] = parse(`SELECT ${c.generated ?? ''}`);
  const [target] = node !== undefined && 'SelectStmt' in node ? (node.SelectStmt.targetList ?? []) : [];
  const value = target !== undefined && 'ResTarget' in target ? target.ResTarget.val : undefined;
  if (value === undefined) throw new NotCacheable('expression', 'not understood');
  return stored(r.typing, new ExprResolver(r, newLevel(scope)).resolve(value), c);
}

/** As the column keeps it: rounded, cut or padded. What is longer than a varchar is never stored. */
function stored(t: Typing, expr: Expr, { type, typmod }: ColumnFacts): Expr {
  const value = expr.type === type ? expr : cast(t, expr, type, []);
  if (typmod < 0 || type === 'varchar') return value;
  if (type !== 'numeric') return opaque('a generated column of limited length', [value], type);
  const packed = typmod - 4;
  return cast(t, value, type, [packed >> 16, packed & 0x7ff]);
}
