import { type CacheKey } from '@freshet/cache-keys';
import { type Statement } from './source.js';

const MOST_KEYS = 2000;
/** Of the values of one key's statements together; longer ones are not worth their memory. */
const MOST_CHARACTERS = 4000;

export interface Foreseen {
  readonly statements: readonly Statement[];
  /** Two loads in a row asked just this. */
  readonly sure: boolean;
}

const NOTHING: Foreseen = { statements: [], sure: false };

/**
 * What the last load of a key asked in several steps. The next one most likely asks the same, so all of it is registered before the
 * first row is read, and the later steps need no round trip to the store; where it is sure, nor one to the database. A guess that fails
 * costs a registration and statements that nobody needed, never freshness.
 */
export class Foresight {
  private readonly known = new Map<CacheKey, Foreseen>();

  of(key: CacheKey): Foreseen {
    return this.known.get(key) ?? NOTHING;
  }

  /** @param steps how often the load asked; what is asked at once needs no foresight */
  remember(key: CacheKey, statements: readonly Statement[], steps: number): void {
    const sure = sameAll(statements, this.of(key).statements);
    this.known.delete(key);
    if (steps < 2 || weight(statements) > MOST_CHARACTERS) return;
    this.known.set(key, { statements, sure });
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_KEYS && oldest !== undefined) this.known.delete(oldest);
  }

  /** A load that failed may have failed by what was foreseen. */
  forget(key: CacheKey): void {
    this.known.delete(key);
  }
}

function sameAll(some: readonly Statement[], others: readonly Statement[]): boolean {
  return some.length === others.length && some.every((one, i) => same(one, others[i] as Statement));
}

export function same(a: Statement, b: Statement): boolean {
  return a.name === b.name && a.text === b.text && JSON.stringify(a.values) === JSON.stringify(b.values);
}

function weight(statements: readonly Statement[]): number {
  let characters = 0;
  for (const { values } of statements) for (const value of values) characters += String(value).length;
  return characters;
}
