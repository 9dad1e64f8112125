/** Work in progress by key, for callers in one process to share. */
export class SingleFlight<T> {
  private readonly flights = new Map<string, Promise<T>>();

  /** Whether a caller would join work that began before. */
  get(key: string): Promise<T> | undefined {
    return this.flights.get(key);
  }

  /** Resolves to what work brings that began after this call. Work in progress is waited for, and counts for nothing. */
  async anew(key: string, work: () => Promise<T>): Promise<T> {
    await this.flights.get(key)?.catch(() => undefined);
    return this.flights.get(key) ?? this.start(key, work);
  }

  start(key: string, work: () => Promise<T>): Promise<T> {
    const flight = work().finally(() => {
      if (this.flights.get(key) === flight) this.flights.delete(key);
    });
    this.flights.set(key, flight);
    return flight;
  }
}
