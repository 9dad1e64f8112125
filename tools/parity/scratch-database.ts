import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Client } from 'pg';

const LOCAL_SERVER = 'postgres://postgres@127.0.0.1:5432/postgres';

/** A database of our own on somebody's server; `drop` takes it away again. */
interface ScratchDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** The server to use: the one named by FRESHET_PARITY_SERVER, or this machine's; undefined when neither answers. */
export async function reachableServer(): Promise<string | undefined> {
  const server = process.env['FRESHET_PARITY_SERVER'] ?? process.env['FRESHET_TEST_POSTGRES_URL'] ?? LOCAL_SERVER;
  try {
    await onServer(server, 'SELECT 1');
    return server;
  } catch (error) {
    if (process.env['FRESHET_PARITY_SERVER'] !== undefined) throw error;
    return undefined;
  }
}

/** The order of names depends on the collation, so the database names its own. */
export async function scratchDatabase(server: string, files: readonly string[]): Promise<ScratchDatabase> {
  const name = `freshet_parity_${randomBytes(6).toString('hex')}`;
  const created = `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'`;
  await onServer(server, created);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const drop = (): Promise<void> => onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  try {
    for (const file of files) await onServer(url.href, await readFile(file, 'utf8'));
    // Without it no table counts as captured by the log, and nothing would be cached.
    await onServer(url.href, 'CREATE PUBLICATION freshet FOR ALL TABLES');
    await onServer(url.href, 'ANALYZE');
  } catch (error) {
    await drop();
    throw error;
  }
  return { url: url.href, drop };
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  // A server that goes away under an idle connection must not end this process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
