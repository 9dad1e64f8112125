import { columnsOf, hasSub, risky, type Expr } from './expr.js';
import { columnsWithin, mayFail } from './may-fail.js';
import type { From } from './query.js';
import type { Rules } from './rules.js';

/**
 * Which conditions PostgreSQL is sure to have tested before it looks at anything else of a row. Where something else may fail, only these shut a
 * row out: a condition that merely follows from others does not keep PostgreSQL from computing 10 / d.
 */
export class Guards {
  /** The conditions that stand in the statement, in any of the forms they take on their way down; all others are implied. */
  private readonly stated = new Set<Expr>();
  /** Columns that equal a constant by way of other columns: PostgreSQL tests that where it reads the rows. */
  private readonly pinned = new Set<string>();
  /** Sources of which something that may fail is computed once they are joined. */
  private readonly shaky = new Set<number>();

  constructor(private readonly rules: Rules) {}

  state(conditions: readonly Expr[]): void {
    for (const c of conditions) this.stated.add(c);
  }

  isStated(c: Expr): boolean {
    return this.stated.has(c);
  }

  /** A condition that passes into a query stays what it was. */
  passOn(through: ReadonlyMap<Expr, Expr>): void {
    for (const [outer, inner] of through) {
      if (this.stated.has(outer)) this.stated.add(inner);
      if (this.pinned.has(JSON.stringify(outer))) this.pinned.add(JSON.stringify(inner));
    }
  }

  isSure(c: Expr): boolean {
    return this.rules.guards(this.stated.has(c) || this.pinned.has(JSON.stringify(c)));
  }

  /** What follows by equality from conditions that are sure. */
  pin(conditions: readonly Expr[], sources: ReadonlySet<number>): void {
    const sure = this.rules.restrict(this.rules.close(conditions.filter((c) => this.isSure(c))), sources);
    for (const c of sure.filter(isPin)) this.pinned.add(JSON.stringify(c));
  }

  /** Of what holds outside a query: that which has been tested of a row before the query is asked for it. */
  before(facts: readonly Expr[]): readonly Expr[] {
    const tested = facts.filter((c) => this.isSure(c) && !hasSub(c) && !mayFail(c));
    return [...tested.filter((c) => sourcesOf(c).size <= 1), ...this.rules.close(tested).filter(isPin)];
  }

  shake(conditions: readonly Expr[]): void {
    if (!this.rules.mayFail(true)) return;
    for (const c of conditions.filter(mayFail)) for (const { occ } of columnsWithin(c)) this.shaky.add(occ);
  }

  isShaky(occ: number): boolean {
    return this.shaky.has(occ);
  }
}

function isPin(c: Expr): boolean {
  return c.k === 'call' && c.fn.startsWith('eq:') && columnsOf(c).length === 1 && !hasSub(c);
}

function sourcesOf(c: Expr): ReadonlySet<number> {
  return new Set(columnsOf(c).map((column) => column.occ));
}

/**
 * A condition over one source and the row outside is tested while the source is read, in any order with its other conditions. Where it may fail,
 * every row of the source counts: the condition is stated once more, over that source alone.
 */
export function failingScans(conditions: readonly Expr[], own: ReadonlySet<number>): readonly Expr[] {
  return conditions.filter(mayFail).flatMap((c) => {
    const columns = columnsOf(c).filter(({ occ }) => own.has(occ));
    const alone = new Set(columns.map(({ occ }) => occ)).size === 1 && columns.length < columnsOf(c).length;
    return alone && !hasSub(c) ? [risky('a condition that reads the row outside', columns, 'bool')] : [];
  });
}

/** The same sources, such conditions of their joins stated once more. */
export function withFailingScans(from: From, own: ReadonlySet<number>): From {
  if (from.k !== 'join') return from;
  const [left, right] = [withFailingScans(from.left, own), withFailingScans(from.right, own)];
  return { ...from, left, right, on: [...from.on, ...failingScans(from.on, own)] };
}

/** The conditions of all joins. */
export function joinConditions(from: From | undefined): readonly Expr[] {
  return from?.k === 'join' ? [...from.on, ...joinConditions(from.left), ...joinConditions(from.right)] : [];
}
