/** How a row and what hangs on it look after one write, as far as any view shows it. */
export interface Face {
  readonly there: boolean;
  /** Of an invoice: whose it is, which edit wrote its lines, and how many there are. */
  readonly customer: number;
  readonly linesOf: number;
  readonly lineCount: number;
}

/** `open`: the database has not said yet whether it is committed. It may be, and then it may be seen. */
export type Fate = 'open' | 'committed' | 'aborted';

export interface Version {
  readonly number: number;
  readonly face: Face;
  /** What wrote it. */
  readonly deed: string;
  readonly beganMs: number;
  /** Known from the first statement of its transaction on. */
  xid: bigint | undefined;
  fate: Fate;
  /** When its writer was told that it is committed: the commit itself was earlier. */
  ackedMs: number | undefined;
  /** When it was known to be applied by the invalidator: it was, a moment earlier. */
  appliedMs: number | undefined;
}

const REMEMBERED = 400;

/** Everything ever written to one row, by one writer after another, never two at once. */
export class RowHistory {
  private readonly known: Version[] = [];
  private last = 0;
  /** The newest version that the invalidator has applied. */
  applied = 0;
  /** The newest version that its writer knows to be committed. */
  acked = 0;

  constructor(readonly name: string) {}

  get versions(): readonly Version[] {
    return this.known;
  }

  /** The face of the newest committed version: what the next write starts from. */
  get face(): Face {
    const committed = this.known.findLast(({ fate }) => fate === 'committed');
    if (committed === undefined) throw new Error(`${this.name} was never written`);
    return committed.face;
  }

  get next(): number {
    return this.last + 1;
  }

  begin(face: Face, deed: string, beganMs: number): Version {
    const version = { number: ++this.last, face, deed, beganMs, fate: 'open' as const };
    this.known.push({ ...version, xid: undefined, ackedMs: undefined, appliedMs: undefined });
    if (this.known.length > 2 * REMEMBERED) this.known.splice(0, REMEMBERED);
    return this.known.at(-1) as Version;
  }

  commit(version: Version, atMs: number): void {
    version.fate = 'committed';
    version.ackedMs = atMs;
    this.acked = Math.max(this.acked, version.number);
  }

  /** Whatever is applied is committed, whether or not its writer has heard of it. */
  apply(version: Version, atMs: number): void {
    version.appliedMs = atMs;
    this.applied = Math.max(this.applied, version.number);
  }

  /** The newest version known to be committed at that moment. */
  ackedAt(moment: number): number {
    return this.known.findLast(({ ackedMs }) => ackedMs !== undefined && ackedMs <= moment)?.number ?? 0;
  }
}
