import type { Alias } from 'libpg-query';
import { NotCacheable } from './errors.js';
import type { Expr } from './expr.js';
import { names } from './function-call.js';
import type { From } from './query.js';
import type { Column, Relation } from './scope.js';

/** A resolved piece of FROM, and the names it brings into sight. */
export interface Source {
  readonly from: From;
  readonly relations: readonly Relation[];
  readonly columns: readonly Column[];
}

export function renamed(
  columns: readonly Column[],
  alias: string,
  rename: Alias | undefined,
  { system = false, open = false, schema }: Partial<Pick<Relation, 'system' | 'open' | 'schema'>> = {},
): Omit<Source, 'from'> {
  const given = names(rename?.colnames);
  const named = columns.map((c, i): Column => ({ name: given[i] ?? c.name, expr: c.expr }));
  return { relations: [{ alias, schema, columns: named, system, open }], columns: named };
}

export function joined(kind: 'inner' | 'left' | 'full', left: Source, right: Source, on: readonly Expr[]): Source {
  return {
    from: { k: 'join', kind, left: left.from, right: right.from, on },
    relations: [...left.relations, ...right.relations],
    columns: [...left.columns, ...right.columns],
  };
}

export function joinedAs(kind: string, left: Source, right: Source, on: readonly Expr[]): Source {
  const both = { relations: [...left.relations, ...right.relations], columns: [...left.columns, ...right.columns] };
  if (kind === 'JOIN_RIGHT') return { ...both, from: joined('left', right, left, on).from };
  if (kind !== 'JOIN_INNER' && kind !== 'JOIN_LEFT' && kind !== 'JOIN_FULL')
    throw new NotCacheable(kind, 'this join is not understood');
  const kinds = { JOIN_INNER: 'inner', JOIN_LEFT: 'left', JOIN_FULL: 'full' } as const;
  return { ...both, from: joined(kinds[kind], left, right, on).from };
}

export function sharedNames(left: Source, right: Source): readonly string[] {
  return left.columns.map((c) => c.name).filter((name) => right.columns.some((c) => c.name === name));
}

export function only(side: Source, name: string): Expr {
  const found = side.columns.filter((c) => c.name === name);
  if (found[0] === undefined || found.length > 1)
    throw new NotCacheable(`USING (${name})`, 'not one such column on each side');
  return found[0].expr;
}
