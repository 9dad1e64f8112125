import { type EngineEvent, type Listener } from '@freshet/cache-engine';
import { type Logger } from '@freshet/service-kit';

/** The same trouble is told this often at most, with how often it came since. */
const EVERY_MS = 10_000;
/** Kinds of trouble are few; a text that names something new each time must not fill the memory. */
const MOST_KINDS = 500;

interface Told {
  atMs: number;
  untold: number;
}

/** Each event goes to both. */
export function both(one: Listener, other: Listener): Listener {
  return (event) => {
    one(event);
    other(event);
  };
}

/** Says in the log why reads go past the store, and which statements are not stored. */
export function tellTrouble(logger: Pick<Logger, 'warn'>, nowMs: () => number): Listener {
  const told = new Map<string, Told>();
  /** How often it came since it was told last, if it is to be told now. */
  const due = (kind: string): number | undefined => {
    if (told.size >= MOST_KINDS && !told.has(kind)) told.clear();
    const last = told.get(kind);
    if (last !== undefined && nowMs() < last.atMs + EVERY_MS) {
      last.untold += 1;
      return undefined;
    }
    told.set(kind, { atMs: nowMs(), untold: 0 });
    return (last?.untold ?? 0) + 1;
  };
  return (event) => {
    if (event.kind !== 'store-failed' && event.kind !== 'refused-statement') return;
    const times = due(kindOf(event));
    if (times === undefined) return;
    if (event.kind === 'store-failed') {
      logger.warn({ step: event.step, err: event.error, times }, 'a read goes past the store');
    } else {
      const { statement, reasons } = event;
      logger.warn({ statement, reasons, times }, 'a statement is sent each time: its result must not be stored');
    }
  };
}

function kindOf(event: Extract<EngineEvent, { kind: 'store-failed' | 'refused-statement' }>): string {
  if (event.kind === 'refused-statement') return `${event.statement} ${event.reasons.join()}`;
  const { cause } = event.error;
  return `${event.step} ${cause instanceof Error ? cause.message : String(cause)}`;
}
