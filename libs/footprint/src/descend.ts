import { columnsOf, hasSub, type Expr } from './expr.js';
import type { Guards } from './guards.js';
import { queryMayFail } from './may-fail.js';
import { occurrencesIn, type DerivedFrom, type From, type JoinFrom, type Query, type TableFrom } from './query.js';
import type { Rules } from './rules.js';
import type { Incoming } from './through.js';

/** One table occurrence while its footprint grows. */
export interface Reading {
  readonly table: TableFrom;
  /** Conditions of the statement over its own columns alone: enforced here and nowhere else. */
  readonly where: readonly Expr[];
  /** Conditions that follow from others: a row that fails one cannot matter, but their columns need not be watched. */
  readonly implied: readonly Expr[];
  /** Columns used otherwise. */
  readonly columns: Set<string>;
}

/** What the way down through FROM asks of the rest of the derivation. */
export interface Surroundings {
  readonly rules: Rules;
  readonly guards: Guards;
  readonly readings: Map<number, Reading>;
  readonly derived: Map<number, Query>;
  /** @returns the incoming conditions that were absorbed. */
  enter(query: Query, incoming: Incoming | undefined, context: readonly Expr[]): ReadonlySet<Expr>;
  use(e: Expr, facts: readonly Expr[]): void;
  useOutputs(query: Query): void;
}

const NOTHING: ReadonlySet<Expr> = new Set();

/** Takes conditions down through FROM to the tables that they filter. A condition that arrives whole at one table is absorbed there. */
export class Descent {
  constructor(private readonly s: Surroundings) {}

  /**
   * @param around what holds outside. Of the sources in here it speaks as they come out of their joins, perhaps as nulls, and not of their rows:
   * only what is said of others may be used inside.
   * @returns the conditions that were absorbed.
   */
  into(from: From, conditions: readonly Expr[], around: readonly Expr[]): ReadonlySet<Expr> {
    const inside = occurrencesIn(from);
    const context = around.filter((c) => columnsOf(c).every((col) => !inside.has(col.occ)));
    if (from.k === 'table') return this.read(from, conditions);
    if (from.k === 'derived') return this.intoDerived(from, conditions, context);
    if (from.k === 'join') return this.intoJoin(from, conditions, context);
    for (const e of from.exprs) this.s.use(e, context);
    return NOTHING;
  }

  private read(table: TableFrom, conditions: readonly Expr[]): ReadonlySet<Expr> {
    const { guards, readings } = this.s;
    const mine = conditions.filter((c) => !hasSub(c) && columnsOf(c).every((col) => col.occ === table.occ));
    const where = mine.filter((c) => guards.isStated(c));
    const helps = (c: Expr) => !guards.isShaky(table.occ) || guards.isSure(c);
    const implied = mine.filter((c) => !guards.isStated(c) && c.k !== 'opaque' && helps(c));
    readings.set(table.occ, { table, where, implied, columns: new Set() });
    return new Set(where);
  }

  /** Where something in it may fail, only what PostgreSQL tests first may pass inside; into a CTE, which it may compute once for all, nothing. */
  private intoDerived(from: DerivedFrom, given: readonly Expr[], context: readonly Expr[]): ReadonlySet<Expr> {
    const { guards, derived } = this.s;
    derived.set(from.occ, from.query);
    const fails = this.s.rules.mayFail(queryMayFail(from.query));
    if (fails && from.cte) {
      this.s.enter(from.query, undefined, guards.before(context));
      this.s.useOutputs(from.query);
      return NOTHING;
    }
    const conditions = fails || guards.isShaky(from.occ) ? given.filter((c) => guards.isSure(c)) : given;
    return this.s.enter(from.query, { occ: from.occ, conditions }, fails ? guards.before(context) : context);
  }

  private intoJoin(join: JoinFrom, conditions: readonly Expr[], context: readonly Expr[]): ReadonlySet<Expr> {
    this.s.guards.state(join.on);
    const absorbed =
      join.kind === 'inner' ? this.inner(join, conditions, context) : this.outer(join, conditions, context);
    const facts = join.kind === 'full' ? context : [...context, ...conditions, ...join.on];
    for (const c of join.on) if (!absorbed.has(c)) this.s.use(c, join.kind === 'inner' ? facts : context);
    return absorbed;
  }

  private inner(join: JoinFrom, conditions: readonly Expr[], context: readonly Expr[]): ReadonlySet<Expr> {
    const { close, restrict } = this.s.rules;
    const all = [...conditions, ...join.on];
    const [left, right] = [occurrencesIn(join.left), occurrencesIn(join.right)];
    this.s.guards.pin(all, new Set([...left, ...right]));
    const closed = close([...all, ...context]);
    const inside = [...context, ...all];
    return new Set([
      ...this.into(join.left, restrict(closed, left), inside),
      ...this.into(join.right, restrict(closed, right), inside),
    ]);
  }

  private outer(join: JoinFrom, conditions: readonly Expr[], context: readonly Expr[]): ReadonlySet<Expr> {
    const { close, restrict } = this.s.rules;
    const [left, right] = [occurrencesIn(join.left), occurrencesIn(join.right)];
    const constants = conditions.filter((c) => columnsOf(c).length === 0);
    if (join.kind === 'full')
      return new Set([...this.into(join.left, constants, context), ...this.into(join.right, constants, context)]);
    // Columns of the nullable side hold nulls up here: what is said of them says nothing about its rows.
    const kept = restrict(conditions, left);
    this.s.guards.pin([...kept, ...join.on], right);
    const keptClosed = restrict(close([...kept, ...context]), left);
    const tied = close([...keptClosed, ...join.on, ...context]);
    return new Set([
      ...this.into(join.left, keptClosed, [...context, ...kept]),
      ...this.into(join.right, restrict(tied, right), [...context, ...keptClosed, ...join.on]),
    ]);
  }
}
