import { setTimeout as pause } from 'node:timers/promises';
import { RedisChangeStore, RedisEntryStore, connectRedis, type ScriptedRedis } from '@freshet/redis-store';
import { SchemaWatch, StatementRegistry, type LeaseId, type Source, type Statement } from '@freshet/cache-engine';
import { cacheKey, type CacheKey } from '@freshet/cache-keys';
import { loadParser } from '@freshet/footprint';
import { once } from 'node:events';
import { Client } from 'pg';
import { createProgram } from '../program.js';

const HOST = '127.0.0.1';
const REDIS_PORT = Number(process.env['FRESHET_TEST_REDIS_PORT'] ?? 6379);
const REDIS_DB = 11;
const SERVER = process.env['FRESHET_TEST_POSTGRES_URL'] ?? `postgres://postgres@${HOST}:5432/postgres`;

const SCHEMA = `
CREATE TABLE book (id integer PRIMARY KEY, title text NOT NULL, price numeric NOT NULL);
CREATE TABLE shelf (id integer PRIMARY KEY, label text NOT NULL);
ALTER TABLE book REPLICA IDENTITY FULL;
ALTER TABLE shelf REPLICA IDENTITY FULL;
CREATE TABLE freshet_heartbeat (id integer PRIMARY KEY, seq bigint NOT NULL);
INSERT INTO freshet_heartbeat VALUES (1, 7);
CREATE PUBLICATION freshet FOR TABLE book, shelf, freshet_heartbeat;`;

export interface Told {
  readonly lines: readonly string[];
  readonly good: boolean;
}

/** A small database of its own and a store with entries made from it, as the services would have left them. */
export class Bookshop {
  private constructor(
    private readonly name: string,
    readonly database: Client,
    readonly redis: ScriptedRedis,
    private readonly statements: StatementRegistry,
    private readonly entries: RedisEntryStore,
  ) {}

  static async open(): Promise<Bookshop> {
    const name = `freshet_cli_${process.pid}`;
    await asSuperuser(`DROP DATABASE IF EXISTS ${name}`, `CREATE DATABASE ${name}`);
    const database = new Client({ connectionString: databaseUrl(name) });
    await database.connect();
    await database.query(SCHEMA);
    const redis = connectRedis({
      topology: { kind: 'single', host: HOST, port: REDIS_PORT },
      db: REDIS_DB,
      username: undefined,
      password: undefined,
      sentinelPassword: undefined,
      tls: undefined,
      timeoutMs: 3000,
    });
    await once(redis, 'ready');
    await loadParser();
    return new Bookshop(name, database, redis, new StatementRegistry(), new RedisEntryStore(redis));
  }

  async close(): Promise<void> {
    await this.redis.flushdb();
    this.redis.disconnect();
    await this.database.end();
    await asSuperuser(`DROP DATABASE ${this.name}`);
  }

  /** An empty store, opened, that knows the tables. */
  async stock(): Promise<void> {
    await this.redis.flushdb();
    await new RedisChangeStore(this.redis, { nonce: () => 'bookshop' }).open();
    const source: Source = { open: async () => this.session() };
    const { entries: store, statements } = this;
    await new SchemaWatch({ store, source, statements, clock: { pause } }, 'freshet').refresh();
  }

  /** Stores an entry that was made from one statement, through the steps of a reader. */
  async shelve(view: string, id: number, statement: Statement): Promise<CacheKey> {
    const described = this.statements.describe(statement);
    if (described.kind === 'refused') throw new Error(described.reasons.join('; '));
    const key = cacheKey(view, 'v1', { id });
    const lease = `lease of ${key}` as LeaseId;
    const { epoch = -1 } = await this.entries.position();
    const registered = await this.entries.register({
      key,
      lease,
      take: true,
      beside: false,
      leaseMs: 60_000,
      epoch,
      reads: [{ statement: described.id, values: statement.values }],
      tags: described.tags,
      schemes: described.schemes,
      footprints: new Map([[described.id, described.json]]),
      memberSeconds: 3600,
    });
    if (registered.kind !== 'registered') throw new Error(registered.kind);
    const { snapshot } = await this.session();
    const entry = {
      body: Buffer.from('a body'),
      status: 200,
      meta: {},
      etag: '"an etag"',
      snapshot,
      epoch,
      storedAtMs: Date.now(),
      ttlSeconds: 900,
    };
    const outcome = await this.entries.fill({ key, lease, entry, position: registered.position });
    if (outcome !== 'stored') throw new Error(outcome);
    return key;
  }

  /** Runs the command line as an operator would. Rejects with what it would print as its error. */
  async run(...args: string[]): Promise<Told> {
    const lines: string[] = [];
    let good = true;
    const program = createProgram({
      env: {
        REDIS_HOST: HOST,
        REDIS_PORT: String(REDIS_PORT),
        REDIS_DB: String(REDIS_DB),
        DATABASE_URL: databaseUrl(this.name),
        ADMIN_TOKEN: 'the token',
        FRESHET_AUTHORIZATION: 'Bearer of the shop',
      },
      say: (line) => lines.push(line),
      onVerdict: (verdict) => (good = verdict),
    });
    await program.parseAsync(args, { from: 'user' });
    return { lines, good };
  }

  private async session(): Promise<Awaited<ReturnType<Source['open']>> & { snapshot: string }> {
    const { rows } = await this.database.query<{ snapshot: string }>('SELECT pg_current_snapshot()::text AS snapshot');
    return {
      snapshot: rows[0]?.snapshot ?? '',
      query: async ({ text, values }) => (await this.database.query<Record<string, string>>(text, [...values])).rows,
      close: async () => undefined,
    };
  }
}

function databaseUrl(name: string): string {
  const url = new URL(SERVER);
  url.pathname = `/${name}`;
  return url.href;
}

async function asSuperuser(...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: SERVER });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

export const BOOK = { name: 'book.get', text: 'SELECT title, price FROM book WHERE id = $1' };
export const SHELF = { name: 'shelf.get', text: 'SELECT label FROM shelf WHERE id = $1' };
