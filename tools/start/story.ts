import { Redis } from 'ioredis';
import { until } from '../stack/until.js';
import type { Running } from './bring-up.js';
import { entryKeys, goneAt } from './key-watch.js';
import { psql } from './psql.js';

const VIEW = 'customer.get';
const GATE_MS = 30_000;

interface Answer {
  readonly address: unknown;
  readonly cacheStatus: string;
  readonly ms: number;
}

/** Which customer the story is about, and one who has nothing to do with it. */
interface Cast {
  readonly shown: string;
  readonly other: string;
}

/** A customer is read twice, moves without a word to the cache, and is read again. @throws at the first step that comes out otherwise. */
export class Story {
  private constructor(
    private readonly running: Running,
    private readonly redis: Redis,
    private readonly cast: Cast,
    private readonly say: (line: string) => void,
  ) {}

  static async begin(running: Running, say: (line: string) => void): Promise<Story> {
    const rows = await psql(running.psql, 'SELECT id FROM billing_customer ORDER BY id LIMIT 2');
    const [shown, other] = rows.split('\n');
    if (shown === undefined || other === undefined) throw new Error('the story needs two customers in the database');
    return new Story(running, new Redis(running.redis), { shown, other }, say);
  }

  async tell(): Promise<void> {
    await this.gateIsOpen();
    await this.forget();
    const before = await psql(this.running.psql, `SELECT address FROM billing_customer WHERE id = ${this.cast.shown}`);
    this.say(`\nGET ${this.path(this.cast.shown)}`);
    await this.read('first read', 'miss', before);
    await this.read('second read', 'hit', before);

    const after = await this.move();
    await this.read('after the change', 'miss', after);
    await this.read('and again', 'hit', after);

    await this.moveTheOther();
    await this.read('after an unrelated change', 'hit', after);
    this.say('\nevery step came out');
  }

  end(): void {
    this.redis.disconnect();
  }

  /** The first heartbeat has come through the log: from now on the cache is known to be fresh. */
  private async gateIsOpen(): Promise<void> {
    await until('the cache to be known fresh', GATE_MS, async () => {
      const { cacheStatus } = await this.ask('/api/customers/?page_size=1');
      return !cacheStatus.includes('fwd=bypass');
    });
  }

  /** An entry from an earlier run goes the way every entry goes: its row changes. */
  private async forget(): Promise<void> {
    const { shown } = this.cast;
    if ((await this.keys(shown)).length === 0) return;
    const gone = this.goneAt(shown);
    await this.changeAddress(shown, newAddress());
    await gone;
  }

  private async read(step: string, expected: 'hit' | 'miss', address: string): Promise<void> {
    const answer = await this.ask(this.path(this.cast.shown));
    const took = `${answer.ms.toFixed(1)} ms`;
    this.say(`  ${step.padEnd(26)} ${took.padStart(8)}   ${answer.cacheStatus.padEnd(30)} "${String(answer.address)}"`);
    const wanted = expected === 'hit' ? /^Freshet; hit\b/ : /^Freshet; fwd=miss; stored/;
    if (!wanted.test(answer.cacheStatus))
      throw new Error(`"${step}" should have been a ${expected}: ${answer.cacheStatus}`);
    if (answer.address !== address)
      throw new Error(`"${step}" shows "${String(answer.address)}" in place of "${address}"`);
  }

  /** Changes the row behind the cache's back and measures how long its entry outlives the commit. */
  private async move(): Promise<string> {
    const { shown } = this.cast;
    const address = newAddress();
    const gone = this.goneAt(shown);
    const committedAt = await this.changeAddress(shown, address);
    this.say(`\n  psql: customer ${shown} moves. Commit → key gone: ${((await gone) - committedAt).toFixed(0)} ms\n`);
    return address;
  }

  /** The entry of the one who moves goes, which tells that the change has been applied; the other entry has no reason to. */
  private async moveTheOther(): Promise<void> {
    const { other } = this.cast;
    await this.ask(this.path(other));
    const gone = this.goneAt(other);
    await this.changeAddress(other, newAddress());
    await gone;
    this.say(`\n  psql: customer ${other} moves, which is none of this page's business\n`);
  }

  private async ask(path: string): Promise<Answer> {
    const began = performance.now();
    const answer = await fetch(this.running.readApi + path, { headers: { Authorization: this.running.authorization } });
    const body = (await answer.json()) as { readonly address?: unknown };
    const ms = performance.now() - began;
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(body)}`);
    return { address: body.address, cacheStatus: answer.headers.get('Cache-Status') ?? '', ms };
  }

  /** Returns the time of the commit by the database's clock, which is this machine's. */
  private async changeAddress(customer: string, address: string): Promise<number> {
    const change = `UPDATE billing_customer SET address = '${address}' WHERE id = ${customer}`;
    return Number(await psql(this.running.psql, change, 'SELECT extract(epoch FROM clock_timestamp()) * 1000'));
  }

  private async goneAt(customer: string): Promise<number> {
    const [key] = await this.keys(customer);
    if (key === undefined)
      throw new Error(`no entry of ${VIEW} for customer ${customer} is in Redis, although one was read`);
    return goneAt(this.redis, key);
  }

  private async keys(customer: string): Promise<readonly string[]> {
    return (await entryKeys(this.redis, VIEW)).filter((key) => key.endsWith(`:id=${customer}`));
  }

  private path(customer: string): string {
    return `/api/customers/${customer}/`;
  }
}

function newAddress(): string {
  return `${new Date().toISOString().slice(11, 23)} Lake Road`;
}
