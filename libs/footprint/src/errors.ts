/** Thrown inside the analysis; `analyse` makes it a refusal. */
export class NotCacheable extends Error {
  constructor(
    readonly construct: string,
    readonly reason: string,
    readonly position?: number,
  ) {
    super(`${construct}: ${reason}`);
  }
}
