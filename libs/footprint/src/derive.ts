import { childrenOf, columnsOf, hasSub, type ColumnExpr, type Expr, type SubExpr } from './expr.js';
import {
  occurrencesIn,
  outputsOf,
  type DerivedFrom,
  type From,
  type JoinFrom,
  type Query,
  type Select,
  type TableFrom,
} from './query.js';
import { RULES, type Rules } from './rules.js';
import { overGroups, type Incoming } from './through.js';
import { spine, tie } from './ties.js';

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

const NOTHING: ReadonlySet<Expr> = new Set();

/**
 * Pushes every condition down to the tables it filters BEFORE rows combine. A condition that arrives whole at one table ("absorbed") needs
 * its columns nowhere else; the columns of all others count as used. Conditions that merely follow from others filter, too.
 */
export class Derivation {
  readonly readings = new Map<number, Reading>();
  private readonly derived = new Map<number, Query>();
  /** What is known to hold for the rows whose outputs are computed, by query. */
  private readonly facts = new Map<Query, readonly Expr[]>();
  private readonly used = new Set<string>();
  private readonly entered = new Set<Query>();
  /** The conditions that stand in the statement, in any of the forms they take on their way down; all others are implied. */
  private readonly stated = new Set<Expr>();

  constructor(
    query: Query,
    private readonly rules: Rules = RULES,
  ) {
    this.enter(query, undefined, []);
    this.useOutputs(query);
  }

  /** @returns the incoming conditions that were absorbed. */
  private enter(query: Query, incoming: Incoming | undefined, context: readonly Expr[]): ReadonlySet<Expr> {
    if (this.entered.has(query)) return NOTHING;
    this.entered.add(query);
    if (query.k === 'select') return this.enterSelect(query, incoming, context);
    if (query.k === 'recursion') {
      for (const part of [query.base, query.step]) {
        this.enter(part, undefined, context);
        this.useOutputs(part);
      }
      return NOTHING;
    }
    // A limit cuts rows before the outer condition sees them; EXCEPT and INTERSECT may keep the other of two equal rows.
    const pushed = query.limited || query.op !== 'union' ? undefined : incoming;
    const [left, right] = [this.enter(query.left, pushed, context), this.enter(query.right, pushed, context)];
    for (const e of query.others) this.use(e, context);
    if (!(query.op === 'union' && query.all) || query.ordered || query.limited)
      for (const arm of [query.left, query.right]) this.useOutputs(arm);
    return new Set([...left].filter((c) => right.has(c)));
  }

  private enterSelect(select: Select, incoming: Incoming | undefined, context: readonly Expr[]): ReadonlySet<Expr> {
    const through = this.rules.pushThrough(select, incoming);
    for (const [outer, inner] of through) if (this.stated.has(outer)) this.stated.add(inner);
    for (const c of [...select.where, ...select.having]) this.stated.add(c);
    const having = select.having.filter((h) => overGroups(select, h));
    const required = [...select.where, ...having, ...through.values()];
    const own = occurrencesIn(select.from);
    const witnesses = required.flatMap((c) => this.witness(c));
    const implied = this.rules.restrict(
      this.rules.close([...required, ...context, ...witnesses]).filter((c) => !required.includes(c)),
      own,
    );
    const from =
      select.from === undefined ? undefined : this.rules.reduceOuterJoins(select.from, [...required, ...implied]);
    const facts = [...context, ...required, ...spine(from)];
    // An aggregate has a row of its own where no other passes WHERE: nothing said of those holds of it.
    const grouped = !select.aggregated || (select.group.length > 0 && !select.groupingSets);
    const outside = grouped ? facts : context;
    this.facts.set(select, outside);
    const absorbed = from === undefined ? NOTHING : this.descend(from, [...required, ...implied], context);
    for (const c of select.where) if (!absorbed.has(c)) this.use(c, facts, true);
    for (const c of select.having) if (!absorbed.has(c)) this.use(c, outside, true);
    const rest = [
      ...select.group,
      ...select.partitions.flat(),
      ...select.others,
      ...(typeof select.distinct === 'string' ? [] : select.distinct),
    ];
    for (const e of rest) this.use(e, outside);
    if (select.distinct === 'all' || select.multiplies) this.useOutputs(select);
    return new Set([...through].filter(([, inner]) => absorbed.has(inner)).map(([outer]) => outer));
  }

  /**
   * @param around what holds outside. Of the sources in here it speaks as they come out of their joins, perhaps as nulls, and not of their rows:
   * only what is said of others may be used inside.
   */
  private descend(from: From, conditions: readonly Expr[], around: readonly Expr[]): ReadonlySet<Expr> {
    const inside = occurrencesIn(from);
    const context = around.filter((c) => columnsOf(c).every((col) => !inside.has(col.occ)));
    if (from.k === 'table') return this.read(from, conditions);
    if (from.k === 'derived') return this.descendDerived(from, conditions, context);
    if (from.k === 'join') return this.descendJoin(from, conditions, context);
    for (const e of from.exprs) this.use(e, context);
    return NOTHING;
  }

  private descendDerived(from: DerivedFrom, conditions: readonly Expr[], context: readonly Expr[]): ReadonlySet<Expr> {
    this.derived.set(from.occ, from.query);
    return this.enter(from.query, { occ: from.occ, conditions }, context);
  }

  private read(table: TableFrom, conditions: readonly Expr[]): ReadonlySet<Expr> {
    const mine = conditions.filter((c) => !hasSub(c) && columnsOf(c).every((col) => col.occ === table.occ));
    const where = mine.filter((c) => this.stated.has(c));
    const implied = mine.filter((c) => !this.stated.has(c) && c.k !== 'opaque');
    this.readings.set(table.occ, { table, where, implied, columns: new Set() });
    return new Set(where);
  }

  private descendJoin(join: JoinFrom, conditions: readonly Expr[], context: readonly Expr[]): ReadonlySet<Expr> {
    for (const c of join.on) this.stated.add(c);
    const absorbed =
      join.kind === 'inner' ? this.inner(join, conditions, context) : this.outer(join, conditions, context);
    const facts = join.kind === 'full' ? context : [...context, ...conditions, ...join.on];
    for (const c of join.on) if (!absorbed.has(c)) this.use(c, join.kind === 'inner' ? facts : context);
    return absorbed;
  }

  private inner(join: JoinFrom, conditions: readonly Expr[], context: readonly Expr[]): ReadonlySet<Expr> {
    const all = [...conditions, ...join.on];
    const closed = this.rules.close([...all, ...context]);
    const inside = [...context, ...all];
    return new Set([
      ...this.descend(join.left, this.rules.restrict(closed, occurrencesIn(join.left)), inside),
      ...this.descend(join.right, this.rules.restrict(closed, occurrencesIn(join.right)), inside),
    ]);
  }

  private outer(join: JoinFrom, conditions: readonly Expr[], context: readonly Expr[]): ReadonlySet<Expr> {
    const [left, right] = [occurrencesIn(join.left), occurrencesIn(join.right)];
    const constants = conditions.filter((c) => columnsOf(c).length === 0);
    if (join.kind === 'full')
      return new Set([...this.descend(join.left, constants, context), ...this.descend(join.right, constants, context)]);
    // Columns of the nullable side hold nulls up here: what is said of them says nothing about its rows.
    const kept = this.rules.restrict(conditions, left);
    const keptClosed = this.rules.restrict(this.rules.close([...kept, ...context]), left);
    const tied = this.rules.close([...keptClosed, ...join.on, ...context]);
    return new Set([
      ...this.descend(join.left, keptClosed, [...context, ...kept]),
      ...this.descend(join.right, this.rules.restrict(tied, right), [...context, ...keptClosed, ...join.on]),
    ]);
  }

  /** Every column named in an expression is used; its sub-queries are entered, with what holds of the row they are asked for. */
  private use(e: Expr, facts: readonly Expr[], conjunct = false): void {
    if (e.k === 'col') this.need(e);
    else if (e.k === 'sub') this.enterSub(e, facts, conjunct);
    else for (const child of childrenOf(e)) this.use(child, facts);
  }

  private need(column: ColumnExpr): void {
    const reading = this.readings.get(column.occ);
    if (reading !== undefined) reading.columns.add(column.name);
    const query = this.derived.get(column.occ);
    const name = `${column.occ}.${column.name}`;
    if (query === undefined || this.used.has(name)) return;
    this.used.add(name);
    this.useOutput(query, Number(column.name));
  }

  private useOutputs(query: Query): void {
    for (const i of outputsOf(query).keys()) this.useOutput(query, i);
  }

  private useOutput(query: Query, i: number): void {
    if (query.k === 'select') {
      const target = query.targets[i];
      if (target !== undefined) this.use(target.expr, this.facts.get(query) ?? []);
    } else if (query.k === 'set') {
      this.useOutput(query.left, i);
      this.useOutput(query.right, i);
    }
  }

  private enterSub(sub: SubExpr, facts: readonly Expr[], conjunct: boolean): void {
    for (const test of sub.tests) this.use(test, facts);
    if (this.entered.has(sub.query)) return;
    // x = ANY (…) as a condition of its own: of the outputs only those that can equal x count.
    const outputs = outputsOf(sub.query).map((o, i): ColumnExpr => ({
      k: 'col',
      occ: sub.occ,
      name: String(i),
      type: o.type,
      ...(o.coll === undefined ? {} : { coll: o.coll }),
    }));
    const ties = conjunct && sub.link === 'any' && sub.equality ? sub.tests.flatMap((t, i) => tie(t, outputs[i])) : [];
    const conditions =
      ties.length === 0 ? [] : this.rules.restrict(this.rules.close([...facts, ...ties]), new Set([sub.occ]));
    this.enter(sub.query, { occ: sub.occ, conditions }, facts);
    if (sub.link !== 'exists') this.useOutputs(sub.query);
  }

  /** Where EXISTS or IN holds, a row exists for which the conditions inside hold. */
  private witness(condition: Expr): readonly Expr[] {
    if (condition.k !== 'sub' || (condition.link !== 'exists' && !(condition.link === 'any' && condition.equality)))
      return [];
    const { query, tests } = condition;
    if (query.k !== 'select' || query.aggregated || query.groupingSets) return [];
    return [...query.where, ...spine(query.from), ...tests.flatMap((t, i) => tie(t, query.targets[i]?.expr))];
  }
}
