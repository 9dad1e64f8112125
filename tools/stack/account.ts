import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from './process.js';

const OTHERS_MAY_ENTER = 0o001;

/** PostgreSQL refuses to run as root, so root runs it as the account that its package made. */
export interface Account {
  /** The folder for the cluster; made, and owned by the account. */
  folder(dir: string): string;
  as(command: Command): Command;
}

const own: Account = {
  folder: (dir) => makeFolder(join(dir, 'postgres')),
  as: (command) => command,
};

export function postgresAccount(): Account {
  return process.getuid?.() === 0 ? accountOf(process.env['FRESHET_POSTGRES_USER'] ?? 'postgres') : own;
}

function accountOf(name: string): Account {
  const [uid, gid] = [idOf('-u', name), idOf('-g', name)];
  return {
    folder: (dir) => {
      const folder = makeFolder(join(reachable(dir), 'postgres'));
      chownSync(folder, uid, gid);
      return folder;
    },
    as: ({ file, args, env }) => ({
      file: 'setpriv',
      args: [`--reuid=${uid}`, `--regid=${gid}`, '--init-groups', file, ...args],
      ...(env && { env }),
    }),
  };
}

function idOf(flag: string, name: string): number {
  return Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
}

/** A checkout below /root is closed to every other account: then the cluster lives in /var/tmp, in a folder named after the stack's. */
function reachable(dir: string): string {
  for (let folder = dir; ; folder = dirname(folder)) {
    const closed = existsSync(folder) && (statSync(folder).mode & OTHERS_MAY_ENTER) === 0;
    if (closed) return join('/var/tmp', `freshet-${createHash('sha256').update(dir).digest('hex').slice(0, 12)}`);
    if (folder === dirname(folder)) return dir;
  }
}

function makeFolder(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}
