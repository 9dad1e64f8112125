import { StreamsTaken } from '@freshet/cache-engine';

/** The turn ended before the slice was applied. Nothing is wrong: its records come again. */
export class TurnOver extends Error {
  readonly code = 'TURN_OVER';
  constructor() {
    super('the turn ended before the slice was applied');
  }
}

/** Whether somebody else goes on with the slice, or we do later. */
export function isOver(error: unknown): boolean {
  return error instanceof TurnOver || error instanceof StreamsTaken;
}

/** A record that the engine cannot apply, and whose table cannot be deleted instead. Going on would lose it. */
export class RecordStuck extends Error {
  readonly code = 'RECORD_STUCK';
  constructor(at: string, cause: unknown) {
    super(`cannot get past the record at ${at}`, { cause });
  }
}

/** What was asked for is the active process's to do. */
export class OnStandby extends Error {
  readonly code = 'ON_STANDBY';
  constructor() {
    super('this process is a standby: ask the active one');
  }
}

/** Neither progress nor an empty fetch for too long. */
export class Stalled extends Error {
  readonly code = 'STALLED';
  constructor(seconds: number) {
    super(`no progress for ${seconds} s`);
  }
}

/**
 * Whether waiting can help: the store is away, or answers with an error. An error of the server is never the fault of a record, so
 * nothing goes to the dead letters for it.
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('retriable' in error && error.retriable === true && !isKafkaError(error)) || error.name === 'ReplyError';
}

/** Errors of the group protocol, above all "rebalance in progress", belong to the client, which knows what to do. */
export function isKafkaError(error: unknown): boolean {
  return error instanceof Error && error.name.startsWith('KafkaJS');
}
