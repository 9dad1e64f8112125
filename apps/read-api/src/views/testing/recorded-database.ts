import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Query, type SourceSession } from '@freshet/cache-engine';
import { Client, Pool } from 'pg';
import { PostgresSource } from '../../postgres/postgres-source.js';
import { poolConfig } from '../../postgres/session-options.js';

const SERVER = process.env['FRESHET_TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const DATA = resolve('tools/parity/data');

export const dataFile = (name: string): string => readFileSync(resolve(DATA, name), 'utf8');

/** A database with the rows on which the recorded answers were made. */
export class RecordedDatabase {
  private constructor(
    private readonly pool: Pool,
    private readonly session: SourceSession,
    private readonly name: string,
  ) {}

  /** @param name of the database, which is made anew. @param more statements that add rows of one's own */
  static async create(name: string, more = ''): Promise<RecordedDatabase> {
    // Names sort by this collation in the recorded answers.
    await onServer(`DROP DATABASE IF EXISTS ${name}`);
    await onServer(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'`);
    const url = new URL(SERVER);
    url.pathname = `/${name}`;
    const loader = new Client({ connectionString: url.href });
    await loader.connect();
    await loader.query(dataFile('schema.sql'));
    await loader.query(dataFile('dataset.sql'));
    await loader.query(more);
    // As the connector would find it: a table outside every publication may not be cached.
    await loader.query('CREATE PUBLICATION every_table FOR ALL TABLES');
    await loader.end();
    const pool = new Pool(
      poolConfig({ url: url.href, poolSize: 1, connectTimeoutMs: 5_000, statementTimeoutMs: 10_000 }),
    );
    return new RecordedDatabase(pool, await new PostgresSource(pool).open(), name);
  }

  /** Reads as the service does. */
  get query(): Query {
    return this.session.query;
  }

  async drop(): Promise<void> {
    await this.session.close();
    await this.pool.end();
    await onServer(`DROP DATABASE ${this.name}`);
  }
}

async function onServer(sql: string): Promise<void> {
  const client = new Client({ connectionString: SERVER });
  await client.connect();
  await client.query(sql);
  await client.end();
}
