import { UNAVAILABLE, type Row, type RowChange } from '@freshet/row-change';
import type { ColumnFacts, TableFacts } from './catalog.js';
import { layoutOf } from './layout.js';
import { fromLog } from './types/from-log.js';
import { UNKNOWN, type Value } from './types/value.js';

/** One image of a row, as far as it is known: raw values as logged, decoded on demand. */
export class Image {
  private readonly decoded = new Map<string, Value>();

  constructor(
    private readonly row: Row,
    private readonly columns: ReadonlyMap<string, ColumnFacts>,
  ) {}

  /** The value as logged; undefined where it is not known. */
  raw(column: string): unknown {
    return rawOf(this.row, column);
  }

  value(column: string): Value {
    const known = this.decoded.get(column);
    if (known !== undefined) return known;
    const facts = this.columns.get(column);
    const value = facts === undefined ? UNKNOWN : fromLog(facts.type, this.raw(column));
    this.decoded.set(column, value);
    return value;
  }
}

/** The value as logged; undefined where it is not known. */
export function rawOf(row: Row, column: string): unknown {
  const value = Object.hasOwn(row, column) ? row[column] : undefined;
  return value === UNAVAILABLE ? undefined : value;
}

export interface Images {
  /** Undefined: there was no such row (an insert has none before, a delete none after). */
  readonly before: Image | undefined;
  readonly after: Image | undefined;
}

const cache = new WeakMap<RowChange, { readonly facts: TableFacts; readonly images: Images }>();

/** Both images with everything in them that is surely true, and nothing else. Kept while the change is: many entries ask. */
export function imagesOf(change: RowChange, facts: TableFacts): Images {
  const known = cache.get(change);
  if (known?.facts === facts) return known.images;
  const images = readImages(change, facts);
  cache.set(change, { facts, images });
  return images;
}

function readImages(change: RowChange, facts: TableFacts): Images {
  const { columns } = layoutOf(facts);
  const { before, after } = knownRows(change, facts);
  return { before: before && new Image(before, columns), after: after && new Image(after, columns) };
}

/** What of both rows is surely true, as logged. */
export function knownRows(change: RowChange, facts: TableFacts): Pick<RowChange, 'before' | 'after'> {
  const before = change.op === 'insert' ? undefined : beforeRow(change, facts);
  const after = change.op === 'delete' ? undefined : afterRow(change, before ?? {}, facts);
  return { before, after };
}

/** Without REPLICA IDENTITY FULL only the identity's columns are values: the nulls beside them are not. */
function beforeRow({ before, after, op }: RowChange, facts: TableFacts): Row {
  const whole = facts.identity === 'full' && before !== undefined && !contradicts(before, facts);
  if (whole) return before;
  // An update that carries no old image left the identity's columns as they are.
  const source = before ?? (op === 'update' ? after : undefined) ?? {};
  return pick(
    source,
    facts.identityColumns.filter((c) => facts.identity !== 'full' || facts.primaryKey.includes(c)),
  );
}

/** A null where none can be: the image is not the whole row that the facts promise. */
function contradicts(row: Row, facts: TableFacts): boolean {
  return layoutOf(facts).required.some((c) => row[c] === null);
}

/** An unchanged TOASTed value is not logged again; the whole before image has it. */
function afterRow({ after }: RowChange, before: Row, facts: TableFacts): Row {
  const row = after ?? {};
  if (facts.identity !== 'full') return row;
  let filled: Record<string, unknown> | undefined;
  for (const c in row) if (row[c] === UNAVAILABLE && Object.hasOwn(before, c)) (filled ??= { ...row })[c] = before[c];
  return filled ?? row;
}

function pick(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.filter((c) => Object.hasOwn(row, c)).map((c) => [c, row[c]]));
}
