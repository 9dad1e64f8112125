/** As many as a fence holds at most. */
const MOST = 65_536;

/** The transactions applied last, in case the store forgets them. */
export class RecentXids {
  private readonly ordered = new Set<number>();

  get xids(): readonly number[] {
    return [...this.ordered];
  }

  add(xids: readonly number[]): void {
    for (const xid of xids) {
      this.ordered.delete(xid);
      this.ordered.add(xid);
    }
    for (const oldest of this.ordered) {
      if (this.ordered.size <= MOST) return;
      this.ordered.delete(oldest);
    }
  }
}
