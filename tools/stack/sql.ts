import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';

const SQL_FOLDER = 'infra/postgres';

/** Passwords for the two accounts; an account without one keeps what it has. */
export interface Passwords {
  readonly reader?: string;
  readonly cdc?: string;
}

/** Runs every script of infra/postgres in the order of its number, each in one transaction. Safe to repeat. */
export async function applySql(ownerUrl: string, { reader = '', cdc = '' }: Passwords = {}): Promise<void> {
  const scripts = (await readdir(SQL_FOLDER)).filter((name) => name.endsWith('.sql')).sort();
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const settings =
      "SELECT set_config('freshet.reader_password', $1, false), set_config('freshet.cdc_password', $2, false)";
    await client.query(settings, [reader, cdc]);
    for (const script of scripts) {
      try {
        await client.query(await readFile(join(SQL_FOLDER, script), 'utf8'));
      } catch (error) {
        throw new Error(`${script}: ${(error as Error).message}`, { cause: error });
      }
    }
  } finally {
    await client.end();
  }
}

/** Makes the database unless it exists. `serverUrl` names any other database of the server. */
export async function createDatabase(serverUrl: string, name: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
