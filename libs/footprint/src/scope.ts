import type { SelectStmt, WindowDef } from 'libpg-query';
import { NotCacheable } from './errors.js';
import type { Expr } from './expr.js';
import type { Output } from './query.js';

export interface Column {
  readonly name: string;
  readonly expr: Expr;
}

/** A name in FROM and the columns behind it. */
export interface Relation {
  readonly alias: string;
  readonly schema?: string | undefined;
  readonly columns: readonly Column[];
  /** Columns of the system (ctid, xmin): named, but never in the log. */
  readonly system: boolean;
  /** It may have columns that are not known here. */
  readonly open: boolean;
}

export interface Cte {
  readonly ast: SelectStmt;
  readonly names: readonly string[];
  /** What its text can see. */
  readonly scope: Scope;
  readonly mayRecurse: boolean;
  /** The running rows of a recursion, inside its own step. */
  readonly rows?: readonly Output[];
}

const SYSTEM = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid']);

/** The names that one query level can see, and those of the levels around it. */
export class Scope {
  readonly ctes = new Map<string, Cte>();
  /** A query inside computes an aggregate of this level's rows. */
  aggregatedInside = false;

  constructor(
    readonly parent: Scope | undefined,
    public relations: readonly Relation[] = [],
    public columns: readonly Column[] = [],
  ) {}

  cte(name: string): Cte | undefined {
    return this.ctes.get(name) ?? this.parent?.cte(name);
  }

  relation(alias: string, schema?: string): Relation | undefined {
    const found = this.relations.find((r) => r.alias === alias && (schema === undefined || r.schema === schema));
    return found ?? this.parent?.relation(alias, schema);
  }

  /** An unqualified name: the nearest level that has it. */
  column(name: string): Expr | undefined {
    const found = this.columns.filter((c) => c.name === name);
    if (found.length > 1) throw new NotCacheable(name, 'an ambiguous column');
    if (found[0] !== undefined) return found[0].expr;
    if (SYSTEM.has(name) && this.relations.some((r) => r.system)) throw systemColumn(name);
    if (this.open) throw new NotCacheable(name, 'may be a field of what a function in FROM returns');
    return this.parent?.column(name);
  }

  /** Some columns that `*` stands for are not known. */
  get open(): boolean {
    return this.relations.some((r) => r.open);
  }
}

export function columnOf(relation: Relation, name: string): Expr {
  const found = relation.columns.filter((c) => c.name === name);
  if (found.length > 1) throw new NotCacheable(name, 'an ambiguous column');
  if (found[0] !== undefined) return found[0].expr;
  if (SYSTEM.has(name)) throw systemColumn(name);
  throw new NotCacheable(`${relation.alias}.${name}`, 'no such column is known');
}

function systemColumn(name: string): NotCacheable {
  return new NotCacheable(name, 'a system column is not in the log');
}

/** What the expressions of one query level reveal about it. */
export interface Level {
  readonly scope: Scope;
  aggregated: boolean;
  multiplies: boolean;
  readonly partitions: (readonly Expr[])[];
  readonly windows: ReadonlyMap<string, WindowDef>;
}

export function newLevel(scope: Scope, windows: Level['windows'] = new Map()): Level {
  return { scope, aggregated: false, multiplies: false, partitions: [], windows };
}
