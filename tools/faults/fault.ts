/** Something that goes wrong for a while. What it breaks it mends, but for what the deployment mends by itself. */
export interface Fault {
  readonly name: string;
  /** Whom it hits: two at once hit two. */
  readonly target: string;
  readonly weight: number;
  readonly run: (ms: number) => Promise<void>;
}
