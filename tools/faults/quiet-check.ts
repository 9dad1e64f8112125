import { Client } from 'pg';
import { until } from '../stack/until.js';
import type { Address } from './addresses.js';
import type { AppliedWatch } from './applied-watch.js';
import { type Answer, get } from './reader.js';

const CAUGHT_UP_MS = 120_000;
const WARM_MS = 30_000;
const AT_ONCE = 6;

export interface QuietOptions {
  readonly url: string;
  readonly authorization: string;
  readonly databaseUrl: string;
  readonly addresses: readonly Address[];
  readonly watch: AppliedWatch;
}

/** An answer that stayed wrong although nothing moves any more: a change was lost. */
export interface Lost {
  readonly address: Address;
  readonly cached: Answer;
  readonly fresh: Answer;
}

/** To be called when nobody writes: waits until the log is applied to its end, and compares every entry with the database. */
export async function quietCheck(options: QuietOptions): Promise<{ compared: number; lost: Lost | undefined }> {
  await caughtUp(options);
  let compared = 0;
  let lost: Lost | undefined;
  const left = [...options.addresses];
  const compare = async (): Promise<void> => {
    for (let address = left.pop(); address !== undefined; address = left.pop()) {
      const cached = await answer(options, address, {});
      const fresh = await answer(options, address, { 'cache-control': 'no-cache' });
      if (cached.cache.startsWith('hit')) compared += 1;
      if (cached.body !== fresh.body || cached.status !== fresh.status) lost ??= { address, cached, fresh };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, compare));
  return { compared, lost };
}

/** @throws when the log is not applied in time, which is a change lost as well as any. */
async function caughtUp({ databaseUrl, watch }: QuietOptions): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ ms: string }>('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms');
    const target = Number(rows[0]?.ms);
    await until('the watermark to pass the last change', CAUGHT_UP_MS, async () => (watch.watermarkMs ?? 0) > target);
  } finally {
    await client.end();
  }
}

/** The service may still be connecting to what came back. */
function answer(
  { url, authorization }: QuietOptions,
  { path }: Address,
  headers: Record<string, string>,
): Promise<Answer> {
  return until(`an answer of ${path}`, WARM_MS, async () => {
    const reply = await get(url + path, { authorization, ...headers });
    return reply.status < 500 && reply;
  });
}
