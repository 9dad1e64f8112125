import {
  FAILS,
  RULES,
  UNKNOWN,
  analyse,
  compileCondition,
  compileMatcher,
  readTags,
  type Expr,
  type Footprint,
  type From,
  type Occurrence,
} from '@freshet/footprint';
import { PARTS, type Parts } from './product.js';

/** Wrong products, each with one rule broken in a way that somebody could break it. The suite must notice every one. */
export const MUTATIONS: Readonly<Record<string, Parts>> = {
  'outer joins filter like inner ones': withRules({ reduceOuterJoins: (from) => allInner(from) }),
  'a condition passes through LIMIT': withRules({
    pushThrough: (select, incoming) => RULES.pushThrough({ ...select, limited: false }, incoming),
  }),
  'a condition passes through windows and DISTINCT ON': withRules({
    pushThrough: (select, incoming) => RULES.pushThrough({ ...select, partitions: [], distinct: 'no' }, incoming),
  }),
  'a column is told by its place, whichever source it is of': withRules({
    pushThrough: (select, incoming) => {
      const occ = incoming?.occ ?? 0;
      const blurred = new Map((incoming?.conditions ?? []).map((c) => [ofSource(c, occ), c]));
      const through = RULES.pushThrough(select, { occ, conditions: [...blurred.keys()] });
      return new Map([...through].map(([outer, inner]) => [blurred.get(outer) ?? outer, inner]));
    },
  }),
  'of an OR only the first arm is kept': withFootprint((f) =>
    occurrences(f, (o) => ({ ...o, where: o.where.map((e) => (e.k === 'or' ? (e.args[0] ?? e) : e)) })),
  ),
  'a condition counts for every table it names': withRules({
    restrict: (conditions, sources) => [
      ...RULES.restrict(conditions, sources),
      ...RULES.restrict(
        conditions.flatMap((c) => (c.k === 'or' ? c.args : [])),
        sources,
      ),
    ],
  }),
  'a full join filters like an inner one': withRules({ reduceOuterJoins: (from) => withoutFull(from) }),
  'whatever is said of the nullable side rejects its nulls': withRules({
    reduceOuterJoins: (from, conditions) =>
      RULES.reduceOuterJoins(from, [...conditions, ...conditions.flatMap(columnsNamed)]),
  }),
  'a condition passes over GROUP BY': withRules({
    pushThrough: (select, incoming) =>
      RULES.pushThrough({ ...select, group: [], aggregated: false, groupingSets: false }, incoming),
  }),
  'a condition passes through EXCEPT and INTERSECT': withRules({ passesInto: () => true }),
  'equal values of a group are alike in every way': withRules({
    pushThrough: (select, incoming) => RULES.pushThrough(select, incoming, () => true),
  }),
  'equal values of two columns are alike in every way': withRules({ close: (c) => RULES.close(c, () => true) }),
  'where no row passes there is no row of aggregates': withRules({ hasOwnRow: () => false }),
  'NOT EXISTS has a witness': withRules({
    witness: (c) => RULES.witness(c.k === 'call' && c.fn === 'not' ? (c.args[0] ?? c) : c),
  }),
  'x NOT IN asks only for what equals x': withRules({ mustHold: () => true }),
  'what merely follows guards against failures': withRules({ guards: () => true }),
  'nothing fails': withRules({ mayFail: () => false }),
  'an error is only unknown': {
    ...PARTS,
    compileMatcher: (f) =>
      compileMatcher(f, (e) => {
        const run = compileCondition(e);
        return (frame) => (run(frame) === FAILS ? UNKNOWN : run(frame));
      }),
  },
  'no column is used': withFootprint((f) => occurrences(f, (o) => ({ ...o, columns: [] }))),
  'one used column is forgotten': withFootprint((f) => occurrences(f, (o) => ({ ...o, columns: o.columns.slice(1) }))),
  'a table read twice counts once': withFootprint((f) => ({
    ...f,
    occurrences: f.occurrences.filter((o, i) => f.occurrences.findIndex((p) => p.table === o.table) === i),
  })),
  'only the first table counts': withFootprint((f) => ({ ...f, occurrences: f.occurrences.slice(0, 1) })),
  'unknown counts as false': {
    ...PARTS,
    compileMatcher: (f) =>
      compileMatcher(f, (e) => {
        const run = compileCondition(e);
        return (frame) => (typeof run(frame) === 'symbol' ? false : run(frame));
      }),
  },
  'null counts as true': {
    ...PARTS,
    compileMatcher: (f) => compileMatcher(f, (e) => (frame) => compileCondition(e)(frame) !== true),
  },
  'of several tags only the first is registered': {
    ...PARTS,
    readTags: (f, values) => ({ ...readTags(f, values), tags: readTags(f, values).tags.slice(0, 1) }),
  },
  'the nulls beside the key of a deleted row are believed': {
    ...PARTS,
    believe: (facts) => ({ ...facts, identity: 'full', identityColumns: facts.columns.map((c) => c.name) }),
  },
};

/** A column by itself is null where its row is. */
function columnsNamed(e: Expr): readonly Expr[] {
  return e.k === 'col' ? [e] : 'args' in e ? e.args.flatMap(columnsNamed) : [];
}

function withoutFull(from: From): From {
  if (from.k !== 'join') return from;
  const [left, right] = [withoutFull(from.left), withoutFull(from.right)];
  return { ...from, kind: from.kind === 'full' ? 'inner' : from.kind, left, right };
}

function ofSource(e: Expr, occ: number): Expr {
  if (e.k === 'col') return { ...e, occ };
  return 'args' in e ? { ...e, args: e.args.map((arg) => ofSource(arg, occ)) } : e;
}

function withRules(rules: Partial<typeof RULES>): Parts {
  return { ...PARTS, analyse: (statement, catalog) => analyse(statement, catalog, { ...RULES, ...rules }) };
}

function withFootprint(change: (f: Footprint) => Footprint): Parts {
  return {
    ...PARTS,
    analyse: (statement, catalog) => {
      const analysis = analyse(statement, catalog);
      return analysis.kind === 'refused' ? analysis : { ...analysis, footprint: change(analysis.footprint) };
    },
  };
}

function occurrences(f: Footprint, change: (o: Occurrence) => Occurrence): Footprint {
  return { ...f, occurrences: f.occurrences.map(change) };
}

function allInner(from: From): From {
  return from.k === 'join' ? { ...from, kind: 'inner', left: allInner(from.left), right: allInner(from.right) } : from;
}
