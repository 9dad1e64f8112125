/** What the command line lets a user change. Suites read what concerns them. */
export interface BenchOptions {
  /** How long each measured phase lasts. */
  readonly seconds: number;
  readonly invoices: number;
  /** Registered entries (`match`), or dependants of one row (`invalidate`). */
  readonly entries: number | undefined;
  /** Rows of one transaction (`bulk`) or of the prefilled topic (`invalidate`). */
  readonly rows: number | undefined;
  /** Entries in the index that no change concerns (`invalidate`); without it the drain beside them is left out. */
  readonly registered: number | undefined;
  readonly minutes: number;
  /** Leave the stack running for the next suite. */
  readonly keep: boolean;
  readonly log: (line: string) => void;
}

export type Cell = string | number;

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** One promise, and what was measured of it. */
export interface Verdict {
  readonly id: string;
  readonly target: string;
  readonly measured: string;
  readonly met: boolean;
}

export interface Report {
  readonly tables: readonly Table[];
  readonly verdicts: readonly Verdict[];
  /** What a reader must know to judge the figures. */
  readonly notes: readonly string[];
}

export interface Suite {
  readonly name: string;
  readonly summary: string;
  run(options: BenchOptions): Promise<Report>;
}
