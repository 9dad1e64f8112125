import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, totalmem } from 'node:os';
import { findPrograms } from '../stack/programs.js';

/** Where and when the figures were made: without it they mean nothing. */
export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly memoryGiB: number;
  /** Processes that wanted to run before the suite began: what else the machine was busy with. */
  readonly loadBefore: number;
  readonly versions: Readonly<Record<string, string>>;
}

export function machine(): Machine {
  const { postgresBin, redisServer } = findPrograms({ maven: false });
  const [cpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
    cpu: `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${platform()} ${arch()}`,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    versions: {
      node: process.versions.node,
      postgres: versionIn(execFileSync(`${postgresBin}/postgres`, ['--version'], { encoding: 'utf8' })),
      redis: versionIn(execFileSync(redisServer, ['--version'], { encoding: 'utf8' })),
      ...versionsOfPom(),
    },
  };
}

/** Kafka and Debezium, as the stack downloads them. */
function versionsOfPom(): Record<string, string> {
  const pom = readFileSync('tools/stack/pom.xml', 'utf8');
  const found = [...pom.matchAll(/<(kafka|debezium)\.version>([^<]+)</g)];
  return Object.fromEntries(found.map(([, name = '', version = '']) => [name, version]));
}

function versionIn(text: string): string {
  return /(\d+\.\d+(?:\.\d+)?)/.exec(text)?.[1] ?? 'unknown';
}
