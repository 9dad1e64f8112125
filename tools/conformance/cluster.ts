import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from 'pg';

const BINARIES = [
  process.env['PG_BIN'],
  ...[18, 17, 16, 15].map((v) => `/usr/lib/postgresql/${v}/bin`),
  '/usr/local/bin',
  '/usr/bin',
];

export interface Database {
  readonly url: string;
  stop(): void;
}

/** A database whose log can be decoded: the one that FRESHET_CONFORMANCE_DATABASE_URL names (all in it is dropped), or one of our own. */
export async function scratchDatabase(): Promise<Database> {
  const given = process.env['FRESHET_CONFORMANCE_DATABASE_URL'];
  return given === undefined
    ? ownDatabase(Number(process.env['FRESHET_CONFORMANCE_PORT'] ?? 15999))
    : { url: given, stop: () => undefined };
}

async function ownDatabase(port: number): Promise<Database> {
  const url = `postgresql://postgres@127.0.0.1:${port}`;
  const running = await answers(`${url}/postgres`);
  const cluster = new Cluster(port);
  if (!running) cluster.start();
  const name = `conf_${process.pid}`;
  await once(`${url}/postgres`, `CREATE DATABASE ${name}`);
  return {
    url: `${url}/${name}`,
    // Who started the cluster stops it, and everybody else with it: runs side by side name ports of their own.
    stop: () => (running ? undefined : cluster.stop()),
  };
}

/** PostgreSQL refuses to run as root: then the account `postgres` runs it, in a folder that it can reach. */
class Cluster {
  private readonly root = process.getuid?.() === 0;
  private readonly folder: string;
  private readonly bin: string;

  constructor(private readonly port: number) {
    this.folder = this.root
      ? join(tmpdir(), `freshet-conformance-${port}`)
      : resolve('.stack-conformance', String(port));
    const bin = BINARIES.find((dir) => dir !== undefined && existsSync(join(dir, 'initdb')));
    if (bin === undefined)
      throw new Error('no PostgreSQL server found (initdb); install it: apt-get install postgresql, or set PG_BIN');
    this.bin = bin;
  }

  start(): void {
    if (!existsSync(join(this.folder, 'PG_VERSION'))) this.create();
    const options = `-p ${this.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c wal_level=logical -c fsync=off -c jit=off -c full_page_writes=off -c timezone=UTC -c max_wal_size=256MB -c wal_keep_size=0`;
    this.run('pg_ctl', ['-D', this.folder, '-w', '-t', '60', '-l', join(this.folder, 'log'), '-o', options, 'start']);
  }

  stop(): void {
    this.run('pg_ctl', ['-D', this.folder, '-m', 'immediate', 'stop']);
  }

  private create(): void {
    mkdirSync(this.folder, { recursive: true });
    if (this.root) chownSync(this.folder, Number(execFileSync('id', ['-u', 'postgres'])), -1);
    this.run('initdb', ['-D', this.folder, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N']);
  }

  private run(program: string, args: readonly string[]): void {
    const command = [join(this.bin, program), ...args];
    const [first = '', ...rest] = this.root ? ['runuser', '-u', 'postgres', '--', ...command] : command;
    execFileSync(first, rest, { stdio: 'ignore', cwd: tmpdir() });
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    await once(url, 'SELECT 1');
    return true;
  } catch {
    return false;
  }
}

async function once(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}
