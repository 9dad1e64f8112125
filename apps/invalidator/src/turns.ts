import { type ApplySlice, type Turn } from './log-record.js';

/** Knows whose turn it is, so that whatever makes progress deep inside can tell the group. */
export class Turns {
  private current: Turn | undefined;

  /** Outside of a turn (an operator's purge) there is nobody to tell. */
  readonly heartbeat = async (): Promise<void> => {
    await this.current?.heartbeat();
  };

  during(apply: ApplySlice): ApplySlice {
    return async (slice, turn) => {
      this.current = turn;
      try {
        await apply(slice, turn);
      } finally {
        this.current = undefined;
      }
    };
  }
}
