import { type Loaded } from '@freshet/cache-engine';
import { LRUCache } from 'lru-cache';

const KEPT_BYTES = 32 * 1024 * 1024;

export interface Filled {
  readonly body: Buffer;
  /** Equal ones have equal bodies. */
  readonly identity: string;
}

/** Bodies with their links filled in. The same page asked for at the same address gets the same bytes: they are made once. */
export class FilledLinks {
  private readonly kept = new LRUCache<string, Buffer>({
    maxSize: KEPT_BYTES,
    sizeCalculation: (body, key) => body.length + 2 * key.length,
  });

  /** @param fill must depend on the stored bytes, the origin and the address alone */
  of({ etag }: Loaded & { readonly etag: string }, where: string, fill: () => Buffer): Filled {
    const identity = `${etag} ${where}`;
    const kept = this.kept.get(identity);
    if (kept !== undefined) return { body: kept, identity };
    const body = fill();
    this.kept.set(identity, body);
    return { body, identity };
  }
}
