import { OperatorError } from '../errors.js';
import { ask } from '../web.js';
import { type Look } from './judge.js';

/** Looks at addresses as a signed-in caller of the read API does. */
export class Observer {
  /** Reads of the database that the audit has caused. */
  loads = 0;

  constructor(
    private readonly readApi: string,
    private readonly authorization: string,
  ) {}

  async look(address: string): Promise<Look | undefined> {
    const first = await this.get(address, {});
    if (!first.ok) return undefined;
    const cached = /^Freshet; hit/.test(first.cacheStatus) ? first.etag : undefined;
    this.loads += 1; // past the entry; or already, where there was none
    if (cached === undefined) return { cached, fresh: first.etag };
    const fresh = await this.get(address, { 'cache-control': 'no-cache' });
    return fresh.ok ? { cached, fresh: fresh.etag } : undefined;
  }

  async description(): Promise<unknown> {
    const answer = await ask(new URL('/openapi.json', this.readApi).href);
    if (!answer.ok)
      throw new OperatorError(`the read API does not describe itself: /openapi.json answers ${answer.status}`);
    return answer.json();
  }

  private async get(
    address: string,
    headers: Record<string, string>,
  ): Promise<{ ok: boolean; etag: string; cacheStatus: string }> {
    const answer = await ask(new URL(address, this.readApi).href, {
      headers: { authorization: this.authorization, ...headers },
    });
    await answer.arrayBuffer();
    if (answer.status === 401) throw new OperatorError('the read API does not accept this authorization');
    // "No such row" is an answer like any other, with an etag of its own.
    const ok = answer.status === 200 || answer.status === 404;
    const etag = `${answer.status} ${answer.headers.get('etag') ?? ''}`;
    return { ok, etag, cacheStatus: answer.headers.get('cache-status') ?? '' };
  }
}
