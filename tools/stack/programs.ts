import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const OLDEST_POSTGRES = 15;
const OLDEST_JAVA = 17;
const DEBIAN_POSTGRES = '/usr/lib/postgresql';

export interface Programs {
  /** The folder of initdb, postgres and psql. */
  readonly postgresBin: string;
  readonly redisServer: string;
  readonly java: string;
  readonly maven: string | undefined;
}

/**
 * Finds what the native stack runs, and Maven as long as the Java parts are not downloaded.
 * @throws one error that names everything missing and the one command that installs it.
 */
export function findPrograms({ maven: needsMaven }: { readonly maven: boolean }): Programs {
  const postgresBin = findPostgres();
  const redisServer = onPath('redis-server');
  const java = javaIsRecent() ? onPath('java') : undefined;
  const maven = onPath('mvn');
  const complete = maven !== undefined || !needsMaven;
  if (complete && postgresBin !== undefined && redisServer !== undefined && java !== undefined) {
    return { postgresBin, redisServer, java, maven };
  }
  const missing: Record<string, string> = {};
  if (postgresBin === undefined) missing[`PostgreSQL ${OLDEST_POSTGRES} or newer`] = 'postgresql';
  if (redisServer === undefined) missing['redis-server'] = 'redis-server';
  if (java === undefined) missing[`Java ${OLDEST_JAVA} or newer`] = 'openjdk-17-jre-headless';
  if (!complete) missing['Maven (downloads Kafka and Debezium once)'] = 'maven';
  throw new Error(missingText(missing));
}

function missingText(missing: Readonly<Record<string, string>>): string {
  return [
    `The native stack needs what this machine lacks: ${Object.keys(missing).join(', ')}.`,
    `Install it with:  apt-get install -y ${Object.values(missing).join(' ')}`,
  ].join('\n');
}

/** FRESHET_POSTGRES_BIN, or the newest major that Debian's layout holds, or whatever is on the path. */
function findPostgres(): string | undefined {
  const named = process.env['FRESHET_POSTGRES_BIN'];
  if (named !== undefined) return named;
  const majors = existsSync(DEBIAN_POSTGRES) ? readdirSync(DEBIAN_POSTGRES).map(Number).filter(Number.isInteger) : [];
  const newest = majors
    .sort((a, b) => b - a)
    .find((major) => major >= OLDEST_POSTGRES && existsSync(join(DEBIAN_POSTGRES, String(major), 'bin/initdb')));
  if (newest !== undefined) return join(DEBIAN_POSTGRES, String(newest), 'bin');
  const initdb = onPath('initdb');
  if (initdb === undefined) return undefined;
  const major = Number(/(\d+)/.exec(execFileSync(initdb, ['--version'], { encoding: 'utf8' }))?.[1]);
  return major >= OLDEST_POSTGRES ? join(initdb, '..') : undefined;
}

function javaIsRecent(): boolean {
  const java = onPath('java');
  if (java === undefined) return false;
  const version = execFileSync(java, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return Number(/(\d+)/.exec(version)?.[1]) >= OLDEST_JAVA;
}

function onPath(program: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
}
