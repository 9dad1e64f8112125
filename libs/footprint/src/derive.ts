import { Descent, type Reading, type Surroundings } from './descend.js';
import { childrenOf, type ColumnExpr, type Expr, type SubExpr } from './expr.js';
import { Guards, failingScans, joinConditions, withFailingScans } from './guards.js';
import { mayFail, queryMayFail } from './may-fail.js';
import { occurrencesIn, outputsOf, type Query, type Select, type SetOperation } from './query.js';
import { RULES, type Rules } from './rules.js';
import { keepsAlike, overGroups, type Incoming } from './through.js';
import { outputColumns, spine, tie } from './ties.js';

const NOTHING: ReadonlySet<Expr> = new Set();

/**
 * Pushes every condition down to the tables it filters BEFORE rows combine. A condition that arrives whole at one table ("absorbed") needs
 * its columns nowhere else; the columns of all others count as used. Conditions that merely follow from others filter, too.
 */
export class Derivation implements Surroundings {
  readonly readings = new Map<number, Reading>();
  readonly derived = new Map<number, Query>();
  readonly guards: Guards;
  private readonly descent = new Descent(this);
  /** What is known to hold for the rows whose outputs are computed, by query. */
  private readonly facts = new Map<Query, readonly Expr[]>();
  private readonly used = new Set<string>();
  private readonly entered = new Set<Query>();
  /** Asked for rows of the answer only: all conditions have been tested when they are computed. */
  private readonly last = new Set<Query>();

  constructor(
    query: Query,
    readonly rules: Rules = RULES,
  ) {
    this.guards = new Guards(rules);
    this.last.add(query);
    this.enter(query, undefined, []);
    this.useOutputs(query);
  }

  enter(query: Query, incoming: Incoming | undefined, context: readonly Expr[]): ReadonlySet<Expr> {
    if (this.entered.has(query)) return NOTHING;
    this.entered.add(query);
    if (query.k === 'select') return this.enterSelect(query, incoming, context);
    if (query.k === 'set') return this.enterSet(query, incoming, context);
    for (const part of [query.base, query.step]) {
      this.enter(part, undefined, context);
      this.useOutputs(part);
    }
    return NOTHING;
  }

  private enterSet(query: SetOperation, incoming: Incoming | undefined, context: readonly Expr[]): ReadonlySet<Expr> {
    const passes = this.rules.passesInto(query);
    const pushed = passes ? (query.all ? incoming : alikeOnly(incoming)) : undefined;
    if (this.last.has(query)) for (const arm of [query.left, query.right]) this.last.add(arm);
    const [left, right] = [this.enter(query.left, pushed, context), this.enter(query.right, pushed, context)];
    for (const e of query.others) this.use(e, context);
    if (
      !(query.op === 'union' && query.all) ||
      query.ordered ||
      query.limited ||
      this.rules.mayFail(queryMayFail(query))
    )
      for (const arm of [query.left, query.right]) this.useOutputs(arm);
    return new Set([...left].filter((c) => right.has(c)));
  }

  private enterSelect(select: Select, incoming: Incoming | undefined, context: readonly Expr[]): ReadonlySet<Expr> {
    const own = occurrencesIn(select.from);
    const through = this.rules.pushThrough(select, incoming);
    this.guards.passOn(through);
    const risks = this.rules.mayFail(true) ? failingScans(select.where, own) : [];
    this.guards.state([...select.where, ...select.having, ...risks]);
    this.guards.shake([...select.where, ...joinConditions(select.from)]);
    const having = select.having.filter((h) => overGroups(select, h));
    const required = [...select.where, ...having, ...through.values(), ...risks];
    const witnesses = required.flatMap(this.rules.witness);
    const implied = this.rules.restrict(
      this.rules.close([...required, ...context, ...witnesses]).filter((c) => !required.includes(c)),
      own,
    );
    const from =
      select.from && this.rules.reduceOuterJoins(withFailingScans(select.from, own), [...required, ...implied]);
    const facts = [...context, ...required, ...spine(from)];
    const absorbed = from === undefined ? NOTHING : this.descent.into(from, [...required, ...implied], context);
    this.useAll(select, facts, context, absorbed);
    return new Set([...through].filter(([, inner]) => absorbed.has(inner)).map(([outer]) => outer));
  }

  /** Whatever was not absorbed is used: conditions, groups, windows, order. */
  private useAll(select: Select, facts: readonly Expr[], context: readonly Expr[], absorbed: ReadonlySet<Expr>): void {
    // An aggregate has a row of its own where no other passes WHERE: nothing said of those holds of it.
    const outside = this.rules.hasOwnRow(select) ? context : facts;
    this.facts.set(select, outside);
    const last = this.last.has(select);
    for (const c of select.where) if (!absorbed.has(c)) this.use(c, facts, { conjunct: true });
    for (const c of select.having) if (!absorbed.has(c)) this.use(c, outside, { conjunct: true, last });
    const distinct = typeof select.distinct === 'string' ? [] : select.distinct;
    for (const e of [...select.group, ...select.partitions.flat(), ...select.others, ...distinct])
      this.use(e, outside, { last });
    if (select.distinct === 'all' || select.multiplies) this.useOutputs(select);
  }

  /** Every column named in an expression is used; its sub-queries are entered, with what holds of the row they are asked for. */
  use(e: Expr, facts: readonly Expr[], place: Place = {}): void {
    if (e.k === 'col') this.need(e);
    else if (e.k === 'sub') this.enterSub(e, facts, place);
    else for (const child of childrenOf(e)) this.use(child, facts, { last: place.last === true });
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

  useOutputs(query: Query): void {
    for (const i of outputsOf(query).keys()) this.useOutput(query, i);
  }

  private useOutput(query: Query, i: number): void {
    if (query.k === 'select') {
      const target = query.targets[i];
      if (target !== undefined) this.use(target.expr, this.facts.get(query) ?? [], { last: this.last.has(query) });
    } else if (query.k === 'set') {
      this.useOutput(query.left, i);
      this.useOutput(query.right, i);
    }
  }

  private enterSub(sub: SubExpr, given: readonly Expr[], { conjunct = false, last = false }: Place): void {
    for (const test of sub.tests) this.use(test, given);
    if (this.entered.has(sub.query)) return;
    if (last) this.last.add(sub.query);
    const facts = last || !this.rules.mayFail(mayFail(sub)) ? given : this.guards.before(given);
    // x = ANY (…) as a condition of its own: of the outputs only those that can equal x count.
    const outputs = outputColumns(sub);
    const tied = this.rules.mustHold(conjunct) && sub.link === 'any' && sub.equality && facts === given;
    const ties = tied ? sub.tests.flatMap((t, i) => tie(t, outputs[i])) : [];
    const conditions =
      ties.length === 0 ? [] : this.rules.restrict(this.rules.close([...facts, ...ties]), new Set([sub.occ]));
    this.enter(sub.query, { occ: sub.occ, conditions }, facts);
    if (sub.link !== 'exists') this.useOutputs(sub.query);
  }
}

/** What tells equal rows apart does not pass to where they are not yet one. */
function alikeOnly(incoming: Incoming | undefined): Incoming | undefined {
  return incoming && { ...incoming, conditions: incoming.conditions.filter((c) => keepsAlike(c, incoming.occ)) };
}

/** Where an expression stands. */
interface Place {
  /** A condition that must hold by itself. */
  readonly conjunct?: boolean;
  /** Computed for rows of the answer only. */
  readonly last?: boolean;
}
