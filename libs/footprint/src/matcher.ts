import { tableName, type TableName } from '@freshet/cache-keys';
import type { RowChange, TableRef } from '@freshet/row-change';
import type { TableFacts } from './catalog.js';
import { compile, type Compiled } from './compile.js';
import { columnsOf, type Expr } from './expr.js';
import type { Footprint, Occurrence, SqlValue, Verdict } from './footprint.js';
import { type Image, type Images, KnownImages } from './known-images.js';
import { layoutOf } from './layout.js';
import { paramReader } from './params.js';
import { mayHold } from './three-valued.js';
import { FAILS, type Value } from './types/value.js';

export type FactsOf = (table: TableRef) => TableFacts | undefined;
/** Decides on the changes of one transaction (or slice of one) that touch tables of the statement; others are ignored. */
export type BoundMatcher = (changes: readonly RowChange[], factsOf: FactsOf) => Verdict;
export interface Matcher {
  bind(values: readonly SqlValue[]): BoundMatcher;
}

type ParamOf = (n: number, type: string) => Value;
type Test = (image: Image, param: ParamOf) => Value;

interface Condition {
  readonly test: Test;
  readonly columns: readonly string[];
}

interface CompiledOccurrence {
  readonly occurrence: Occurrence;
  readonly stated: readonly Condition[];
  readonly all: readonly Condition[];
  readonly inTable: (facts: TableFacts) => InTable;
}

/** An occurrence in a table of these facts. */
interface InTable {
  /** A column that is not of the type that the predicate was compiled for. */
  readonly stranger: string | undefined;
  readonly images: KnownImages;
}

/**
 * The predicates of a statement as closures, made once and bound to the values of each read.
 * @param evaluate how a condition becomes a closure; tests hand in a wrong one.
 */
export function compileMatcher(footprint: Footprint, evaluate = compile): Matcher {
  const occurrences = footprint.occurrences.map((o) => compileOccurrence(o, evaluate));
  return {
    bind: (values) => {
      const param = paramReader(values);
      return (changes, factsOf) => decide(occurrences, changes, factsOf, param);
    },
  };
}

function compileOccurrence(occurrence: Occurrence, evaluate: typeof compile): CompiledOccurrence {
  const conditions = (list: readonly Expr[]) => list.map((e) => condition(e, evaluate));
  const stated = conditions(occurrence.where);
  const all = [...stated, ...conditions(occurrence.implied)];
  const wanted = [...new Set([...occurrence.columns, ...all.flatMap(({ columns }) => columns)])];
  return { occurrence, stated, all, inTable: inTables(occurrence, wanted) };
}

/** Many entries ask of one table. */
function inTables({ types }: Occurrence, wanted: readonly string[]): CompiledOccurrence['inTable'] {
  const known = new WeakMap<TableFacts, InTable>();
  return (facts) => {
    const found = known.get(facts);
    if (found !== undefined) return found;
    const { columns } = layoutOf(facts);
    const stranger = Object.entries(types).find(([column, type]) => columns.get(column)?.type !== type)?.[0];
    const made = { stranger, images: new KnownImages(wanted, facts) };
    known.set(facts, made);
    return made;
  };
}

function condition(e: Expr, evaluate: typeof compile): Condition {
  const run: Compiled = evaluate(e);
  return {
    test: (image, param) => run({ column: (name) => image.value(name), param }),
    columns: [...new Set(columnsOf(e).map((c) => c.name))],
  };
}

function decide(
  occurrences: readonly CompiledOccurrence[],
  changes: readonly RowChange[],
  factsOf: FactsOf,
  param: ParamOf,
): Verdict {
  let kept: string | undefined;
  for (const change of changes) {
    const name = tableName(change.table.schema, change.table.table);
    const facts = factsOf(change.table);
    for (const compiled of occurrences) {
      if (!sees(compiled.occurrence, name, facts)) continue;
      const verdict =
        facts === undefined
          ? { matters: true, because: `nothing is known of table ${name}` }
          : attempt(compiled, change, facts, param);
      if (verdict.matters) return verdict;
      kept = verdict.because;
    }
  }
  return { matters: false, because: kept ?? 'no row of a table that the statement reads' };
}

/** A publication may name a partition's root for the partition: then it could be any of them. */
function sees({ members, root }: Occurrence, name: TableName, facts: TableFacts | undefined): boolean {
  return members.includes(name) || (name === root && facts?.kind !== 'table') || (facts === undefined && name === root);
}

/** What cannot be computed is not known: a fault of ours deletes too much, never too little, and says so. */
function attempt(...given: Parameters<typeof test>): Verdict {
  try {
    return test(...given);
  } catch (error) {
    return { matters: true, because: `${given[0].occurrence.alias}: could not be decided (${String(error)})` };
  }
}

function test(
  { occurrence, stated, all, inTable }: CompiledOccurrence,
  change: RowChange,
  facts: TableFacts,
  param: ParamOf,
): Verdict {
  const where = `${occurrence.alias} (${change.table.table})`;
  const { stranger, images: known } = inTable(facts);
  if (stranger !== undefined) return { matters: true, because: `${where}: column ${stranger} is not what it was` };
  const images = known.of(change);
  const outside = (image: Image | undefined) => image === undefined || fails(all, image, param);
  if (outside(images.before) && outside(images.after))
    return { matters: false, because: `${where}: fails the predicate before and after` };
  const changed = difference(occurrence, stated, images, param);
  if (changed === undefined) return { matters: false, because: `${where}: every column used is as before` };
  return { matters: true, because: `${where}: ${changed}` };
}

/** Surely false or null for one condition, and an error for none. */
function fails(conditions: readonly Condition[], image: Image, param: ParamOf): boolean {
  let failed = false;
  for (const { test: run } of conditions) {
    const value = run(image, param);
    if (value === FAILS) return false;
    failed ||= !mayHold(value);
  }
  return failed;
}

/** What may differ for the statement between two images; undefined: nothing. */
function difference(
  occurrence: Occurrence,
  stated: readonly Condition[],
  { before, after }: Images,
  param: ParamOf,
): string | undefined {
  if (before === undefined) return 'a row that may satisfy the predicate appeared';
  if (after === undefined) return 'a row that may satisfy the predicate went';
  const column = occurrence.columns.find((c) => !sameRaw(before.raw(c), after.raw(c)));
  if (column !== undefined) return `column ${column} changed, or is not known`;
  const open = stated.find(
    (c) =>
      !(c.test(before, param) === true && c.test(after, param) === true) &&
      !c.columns.every((name) => sameRaw(before.raw(name), after.raw(name))),
  );
  return open === undefined ? undefined : `the row may enter or leave by ${open.columns.join(', ')}`;
}

/** Equal as logged: then equal in every way a statement can see. */
function sameRaw(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return false;
  return a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));
}
