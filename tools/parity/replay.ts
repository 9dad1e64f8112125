import { send, type HttpAnswer } from './answer.js';
import { type Case, type Difference, type Fix, type Json, type Tokens } from './case.js';
import { judge, type Moment } from './judge.js';

export interface Material {
  readonly cases: readonly Case[];
  readonly fixes: Readonly<Record<string, Fix>>;
  readonly tokens: Tokens;
}

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly fixed: number;
}

/** Sends every case in turn and reports each difference in one line. */
export async function replay(
  base: URL,
  { cases, fixes, tokens }: Material,
  twice: boolean,
  report: (line: string) => void,
): Promise<Tally> {
  const tally = { passed: 0, failed: 0, fixed: 0 };
  for (const recorded of cases) {
    const fix = fixes[recorded.id];
    const found = await replayed(base, recorded, fix, tokens, twice);
    if (found === undefined) tally[fix === undefined ? 'passed' : 'fixed'] += 1;
    else {
      tally.failed += 1;
      report(line(recorded, fix, found));
    }
  }
  return tally;
}

async function replayed(
  base: URL,
  recorded: Case,
  fix: Fix | undefined,
  { headers, secret }: Tokens,
  twice: boolean,
): Promise<Difference | undefined> {
  const ask = (): Promise<HttpAnswer> => send(base, recorded, headers[recorded.auth]);
  try {
    const first = await ask();
    const found = judge(recorded, fix, first, secret, now());
    if (found !== undefined || !twice) return found;
    const second = await ask();
    return judge(recorded, fix, second, secret, now()) ?? cacheDifference(first, second);
  } catch (error) {
    return { at: 'connection', expected: 'an answer', got: error instanceof Error ? error.message : String(error) };
  }
}

/** What went through the cache the first time must come out of it the second time, unchanged but for links that are minted anew. */
function cacheDifference(first: HttpAnswer, second: HttpAnswer): Difference | undefined {
  const status = second.headers['cache-status'];
  const cached = first.headers['cache-status'] !== undefined;
  if (cached && !/^Freshet; hit/.test(String(status))) {
    return { at: 'cache-status of the second answer', expected: 'Freshet; hit', got: String(status) };
  }
  const same = first.status === second.status && withoutMinted(first.text) === withoutMinted(second.text);
  return same ? undefined : { at: 'second answer', expected: first.text, got: second.text };
}

function withoutMinted(text: string): string {
  return text.replace(/(\/api\/media\/[^"?]*)\?s=[^"]*/g, '$1');
}

function now(): Moment {
  const time = new Date();
  return { today: time.toISOString().slice(0, 10), nowSeconds: time.getTime() / 1000 };
}

function line({ id, path }: Case, fix: Fix | undefined, { at, expected, got }: Difference): string {
  const section = fix === undefined ? '' : ` [FIX ${fix.section}]`;
  return `FAIL ${id} ${short(path, 140)} at ${at || '/'}: expected ${shown(expected)}, got ${shown(got)}${section}`;
}

function shown(value: Json | undefined): string {
  return value === undefined ? 'nothing' : short(JSON.stringify(value), 120);
}

function short(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
