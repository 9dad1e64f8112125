import { type Answer, type ReadRequest, type Source } from '@freshet/cache-engine';

/** Reads straight from the source; stands in while there is no store. */
export class DirectReader {
  constructor(private readonly source: Source) {}

  async read({ load }: ReadRequest): Promise<Answer> {
    const session = await this.source.open();
    try {
      const loaded = await load(session.query);
      const none = { stored: false, etag: '"-"', ageSeconds: 0, ttlLeftSeconds: 0, late: false };
      return { ...loaded, ...none, outcome: 'bypass', detail: 'disabled' };
    } finally {
      void session.close();
    }
  }
}
