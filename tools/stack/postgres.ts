import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { Account } from './account.js';
import type { Part } from './part.js';

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  wal_level: 'logical',
  max_replication_slots: 10,
  max_wal_senders: 10,
  max_connections: 200,
  timezone: 'UTC',
};

export interface PostgresOptions {
  readonly dir: string;
  readonly port: number;
  readonly bin: string;
  readonly account: Account;
}

export function postgresPart({ dir, port, bin, account }: PostgresOptions): Part {
  const home = account.folder(dir);
  const settings = { ...SETTINGS, ...statementStatistics(bin), port, unix_socket_directories: home };
  return {
    name: 'postgres',
    port,
    home,
    stopSignal: 'SIGINT', // fast: ends the sessions in place of waiting for them
    command: account.as({
      file: join(bin, 'postgres'),
      args: ['-D', home, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    }),
    prepare: async () => {
      if (existsSync(join(home, 'PG_VERSION'))) return;
      const args = ['-D', home, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
      const initdb = account.as({ file: join(bin, 'initdb'), args });
      await promisify(execFile)(initdb.file, initdb.args, { cwd: '/' });
    },
    ready: async () => {
      const client = new Client({
        connectionString: postgresUrl(port, 'postgres', 'postgres'),
        connectionTimeoutMillis: 1000,
      });
      client.on('error', () => undefined);
      await client.connect();
      await client.end();
      return true;
    },
  };
}

export function postgresUrl(port: number, user: string, database: string): string {
  return `postgres://${user}@127.0.0.1:${port}/${database}`;
}

/** Counts statements where the extension is installed (it is not part of every package). */
function statementStatistics(bin: string): Record<string, string> {
  const major = /(\d+)\/bin$/.exec(bin)?.[1];
  const control = `/usr/share/postgresql/${major ?? ''}/extension/pg_stat_statements.control`;
  return existsSync(control) ? { shared_preload_libraries: 'pg_stat_statements' } : {};
}
