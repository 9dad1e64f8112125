import { type Heartbeat } from '@freshet/row-change';
import { type Hold } from './store.js';

/**
 * Waits for the proof that ends a hold. Whatever was lost committed before the first heartbeat that stands behind it in the log. A later
 * heartbeat that saw that one got its transaction id after all of them, so a snapshot that has everything up to this id has them too.
 */
export class HoldWatch {
  private first: { readonly hold: string; readonly sequence: bigint } | undefined;

  /** Of heartbeats behind the loss, in the order of the log: the transaction id that fills must be beyond. Undefined: not yet. */
  proof(hold: Hold, heartbeats: readonly Heartbeat[]): number | undefined {
    for (const { sequence, seen, xid } of heartbeats) {
      if (this.first?.hold !== hold.id) this.first = { hold: hold.id, sequence };
      else if (seen !== undefined && seen >= this.first.sequence && xid !== undefined) return xid;
    }
    return undefined;
  }
}
