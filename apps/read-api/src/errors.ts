/** A statement took longer than it may. */
export class StatementTimeout extends Error {
  readonly code = 'STATEMENT_TIMEOUT';
  readonly retriable = true;
  constructor(cause: unknown) {
    super('a statement took too long', { cause });
  }
}

/** A prepared statement no longer fits the tables: the read is to be tried once more, on a fresh plan. */
export class StalePlan extends Error {
  readonly code = 'STALE_PLAN';
  readonly retriable = true;
  constructor(cause: unknown) {
    super('the schema changed under a prepared statement', { cause });
  }
}

export const TOO_LARGE = 'TOO_LARGE_TO_HOLD';

/** An answer is too large to be held in memory: it is to be written as it is read. */
export class TooLargeToHold extends Error {
  readonly code = TOO_LARGE;
  readonly retriable = false;
  constructor(rows: number) {
    super(`an answer of ${rows} rows is not held in memory`);
  }
}

/** Too many answers are being written piece by piece, and none of them ended in time. */
export class NoTurn extends Error {
  readonly code = 'NO_TURN';
  readonly retriable = true;
  constructor() {
    super('too many exports are being written');
  }
}
