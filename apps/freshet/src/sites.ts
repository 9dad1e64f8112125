import { connectRedis, mastersOf, type StoreConnection } from '@freshet/redis-store';
import { once } from 'node:events';
import { Client } from 'pg';
import { databaseSections, settingsFor, storeSections } from './environment.js';
import { OperatorError } from './errors.js';

/** Opens the store for the length of `use`. @throws OperatorError when it cannot be reached. */
export async function withStore<T>(env: NodeJS.ProcessEnv, use: (redis: StoreConnection) => Promise<T>): Promise<T> {
  const { redis: access } = settingsFor(storeSections, env);
  let trouble: Error | undefined;
  const redis = connectRedis(access, { onError: (error) => (trouble = error) });
  try {
    await once(redis, 'ready', { signal: AbortSignal.timeout(access.timeoutMs) }).catch(() => {
      throw new OperatorError(`Redis cannot be reached: ${trouble?.message ?? 'no answer'}`);
    });
    // Of a cluster the first node is enough for "ready", but walking through its keys needs a connection to each master.
    await Promise.all(mastersOf(redis).map((master) => master.ping()));
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

const CONNECT_MS = 5000;

/** Opens the database for the length of `use`. @throws OperatorError when it cannot be reached. */
export async function withDatabase<T>(env: NodeJS.ProcessEnv, use: (client: Client) => Promise<T>): Promise<T> {
  const { database } = settingsFor(databaseSections, env);
  const client = new Client({
    connectionString: database.url,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'freshet',
  });
  client.on('error', () => undefined);
  await client.connect().catch((error: unknown) => {
    throw new OperatorError(
      `the database cannot be reached: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
