import { randomUUID } from 'node:crypto';
import { request, type IncomingHttpHeaders } from 'node:http';
import { Invalidator } from '@freshet/cache-engine';
import { connectRedis, RedisChangeStore } from '@freshet/redis-store';
import { type Change } from '@freshet/row-change';
import { parseEnvironment } from '@freshet/service-kit';
import { Client } from 'pg';
import { startService, type Service } from '../service.js';
import { sections } from '../settings.js';
import { dataFile, RecordedDatabase } from '../views/testing/recorded-database.js';

export const SERVER = process.env['FRESHET_TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
export const REDIS_PORT = Number(process.env['FRESHET_TEST_REDIS_PORT'] ?? 6379);
/** Of the test server; emptied before use. */
export const REDIS_DB = 12;

export const recordedTokens = JSON.parse(dataFile('tokens.json')) as {
  secret: string;
  headers: Record<string, string | null>;
};

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

export interface Ask {
  readonly method?: string;
  /** A name of the recorded tokens; `viewer` when absent, null for none. */
  readonly as?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The service on the recorded data, with an opened store and an invalidator in the test's hands. */
export class RunningService {
  private constructor(
    private readonly service: Service,
    private readonly database: RecordedDatabase,
    private readonly redis: ReturnType<typeof connectRedis>,
    private readonly invalidator: Invalidator,
    private readonly writer: Client,
  ) {}

  static async start(name: string, variables: Readonly<Record<string, string>> = {}): Promise<RunningService> {
    const database = await RecordedDatabase.create(name);
    const redis = await emptyRedis();
    const changes = new RedisChangeStore(redis, { nonce: randomUUID });
    await changes.open();
    const url = new URL(SERVER);
    url.pathname = `/${name}`;
    const service = await startService(settings({ DATABASE_URL: url.href, ...variables }));
    const writer = new Client({ connectionString: url.href });
    await writer.connect();
    return new RunningService(service, database, redis, new Invalidator(changes, () => undefined), writer);
  }

  get url(): string {
    return this.service.url;
  }

  ask(path: string, { method = 'GET', as = 'viewer', headers = {}, body }: Ask = {}): Promise<HttpAnswer> {
    const authorization = as === null ? null : recordedTokens.headers[as];
    const sent = { Host: 'api.test', ...(authorization ? { Authorization: authorization } : {}), ...headers };
    return new Promise((resolve, reject) => {
      const outgoing = request(this.url, { method, path, headers: sent }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const bytes = Buffer.concat(chunks);
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, bytes, text: bytes.toString() });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  /** Runs SQL on the data, one transaction; resolves to its id. */
  async write(sql: string): Promise<bigint> {
    const sent = `BEGIN; ${sql}; SELECT pg_current_xact_id()::text AS xid; COMMIT`;
    const results = (await this.writer.query(sent)) as unknown as readonly { rows: readonly { xid: string }[] }[];
    return BigInt(results.at(-2)?.rows[0]?.xid ?? 0);
  }

  /** What the invalidator would do with these events of the log. */
  async apply(...changes: Change[]): Promise<void> {
    await this.invalidator.apply({ changes, position: { topic: 'test', partition: 0, offset: this.nextOffset++ } });
  }
  private nextOffset = 1n;

  async stop(): Promise<void> {
    for (const step of this.service.stopping) await step();
    this.redis.disconnect();
    await this.writer.end();
    await this.database.drop();
  }
}

async function emptyRedis(): Promise<ReturnType<typeof connectRedis>> {
  const nobody = { username: undefined, password: undefined, sentinelPassword: undefined, tls: undefined };
  const topology = { kind: 'single', host: '127.0.0.1', port: REDIS_PORT } as const;
  const redis = connectRedis({ topology, db: REDIS_DB, timeoutMs: 3000, ...nobody });
  await new Promise((resolve) => redis.once('ready', resolve));
  await redis.flushdb();
  return redis;
}

function settings(variables: Readonly<Record<string, string>>) {
  const parsed = parseEnvironment(sections, {
    NODE_ENV: 'development',
    REDIS_URL: `redis://127.0.0.1:${REDIS_PORT}/${REDIS_DB}`,
    DJANGO_SECRET_KEY: recordedTokens.secret,
    DATABASE_PUBLICATION: 'every_table',
    ON_STALE: 'serve',
    // A busy machine must not look like a Redis that is away.
    REDIS_READ_BUDGET: '5s',
    LOG_LEVEL: 'silent',
    ...variables,
  });
  if (!parsed.ok) throw new Error(parsed.lines.join('\n'));
  // Any free port: the environment of a service cannot say that.
  return { ...parsed.environment, service: { ...parsed.environment.service, port: 0 } };
}
