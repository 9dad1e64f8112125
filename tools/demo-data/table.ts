export type Cell = string | number | boolean | null;

/** The rows of one table, made as they are asked for. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: Iterable<readonly Cell[]>;
}

/** A moment as PostgreSQL reads it, with microseconds, which these tables hold. */
export function moment(ms: number, microseconds = 0): string {
  return new Date(ms).toISOString().replace('Z', `${String(microseconds).padStart(3, '0')}+00`);
}

/** Thousandths as a decimal with three digits. */
export function decimal(thousandths: number): string {
  return (thousandths / 1000).toFixed(3);
}
