import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../demo-data/random.js';
import type { Address, Reply } from './addresses.js';
import { horizonOf, judgeCached, judgeFresh, type Violation } from './judge.js';

const ANSWER_MS = 20_000;
const BREATH_MS = 1;
const AGAIN_MS = 50;

export interface Answer extends Reply {
  /** What follows the cache's name in `Cache-Status`. */
  readonly cache: string;
  readonly etag: string;
}

/** What came of all that was asked. */
export interface Tally {
  /** Answers judged. */
  audited: number;
  /** Of those, answers that came from an entry. */
  cached: number;
  bypassed: number;
  /** No answer, or an error in its place. */
  failed: number;
}

export interface ReaderOptions {
  readonly url: string;
  readonly authorization: string;
  readonly addresses: readonly Address[];
  readonly random: Random;
  readonly tally: Tally;
  /** How long after its acknowledgement a commit may be missing from a cached answer. */
  readonly boundMs: number;
  readonly onViolation: (violation: Violation, address: Address, answer: Answer) => void;
}

/** A front end that never stops asking, and judges every answer. */
export class Reader {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  private reading = true;
  private readonly done: Promise<void>;

  constructor(private readonly options: ReaderOptions) {
    this.done = this.read();
  }

  async end(): Promise<void> {
    this.reading = false;
    await this.done;
    this.agent.destroy();
  }

  private async read(): Promise<void> {
    const { addresses, random, tally } = this.options;
    while (this.reading) {
      try {
        await this.ask(random.pickSkewed(addresses));
        await pause(BREATH_MS);
      } catch {
        tally.failed += 1;
        await pause(AGAIN_MS);
      }
    }
  }

  private async ask(address: Address): Promise<void> {
    const { tally, boundMs, onViolation, url, authorization } = this.options;
    const horizon = horizonOf(address.rows, Date.now());
    const answer = await get(url + address.path, { authorization }, this.agent);
    if (answer.status !== 200 && answer.status !== 404) throw new Error(`answered ${answer.status}`);
    const claims = address.claims(answer);
    tally.audited += 1;
    if (answer.cache.startsWith('fwd=bypass')) tally.bypassed += 1;
    const cached = isCached(answer);
    if (cached) tally.cached += 1;
    const violation = cached ? judgeCached(claims, horizon, boundMs) : judgeFresh(claims, horizon);
    // Another reader's load may have been refused: then its rows come straight from the database, like those of a load of one's own.
    if (isShared(answer) && judgeFresh(claims, horizon) === undefined) return;
    if (violation !== undefined) onViolation(violation, address, answer);
  }
}

/** Another reader's value is taken for a cached one: it may be. */
function isCached(answer: Answer): boolean {
  return answer.cache.startsWith('hit') || isShared(answer);
}

function isShared({ cache }: Answer): boolean {
  return cache.includes('detail=shared');
}

export function get(url: string, headers: Record<string, string>, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { headers, timeout: ANSWER_MS, ...(agent && { agent }) };
    const asked = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
          cache: String(response.headers['cache-status'] ?? '').replace(/^Freshet; /, ''),
          etag: response.headers.etag ?? '',
        });
      });
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', reject);
    asked.end();
  });
}
