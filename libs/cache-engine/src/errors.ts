/** The store cannot be reached, or did not answer in its time. A read goes on without it; an invalidation must be tried again. */
export class StoreUnavailable extends Error {
  readonly code = 'STORE_UNAVAILABLE';
  readonly retriable = true;
  constructor(cause: unknown) {
    super('the cache store is unavailable', { cause });
  }
}

/** Another invalidator has taken the streams over: what this one was about to publish is not its own any more. */
export class StreamsTaken extends Error {
  readonly code = 'STREAMS_TAKEN';
  constructor() {
    super('another invalidator has taken over');
  }
}

/** The database cannot be reached, or no connection was free in time. */
export class SourceUnavailable extends Error {
  readonly code = 'SOURCE_UNAVAILABLE';
  readonly retriable = true;
  constructor(cause: unknown) {
    super('the database is unavailable', { cause });
  }
}

/** The log is further behind than the caller accepts, and the service is set to refuse such reads. */
export class TooStale extends Error {
  readonly code = 'TOO_STALE';
  readonly retriable = true;
  constructor(readonly stalenessMs: number) {
    super(`the cache is ${stalenessMs} ms behind the database`);
  }
}
