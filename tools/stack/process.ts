// Processes by id. An id may have been given to a stranger since it was written down, so every question names the `mark` (a folder of
// ours) that the process must carry in its command line.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { until } from './until.js';

/** Place of the number of threads among the fields that `statOf` returns. */
const THREADS = 17;

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a process that outlives this one, with its output at the end of `logFile`. */
export function startDetached({ file, args, env }: Command, logFile: string): number {
  const log = openSync(logFile, 'a');
  const child = spawn(file, args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...env },
    cwd: '/',
  });
  closeSync(log);
  child.on('error', () => undefined); // shows as "ended before it was ready"
  child.unref();
  if (child.pid === undefined) throw new Error(`cannot run ${file}`);
  return child.pid;
}

export function isRunning(pid: number, mark: string): boolean {
  const commandLine = read(`/proc/${pid}/cmdline`);
  // In the moment of an exec a process has no command line. It runs all the same.
  return commandLine === '' ? !hasEnded(pid) : commandLine.includes(mark);
}

/** The process and all its descendants; the process itself first. */
export function processTree(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = parentOf(Number(name));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [pid];
  for (let i = 0; i < tree.length; i++) tree.push(...(children.get(tree[i] ?? 0) ?? []));
  return tree;
}

export function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

export async function gone(pids: readonly number[], timeoutMs: number): Promise<void> {
  await until(`processes ${pids.join(', ')} to end`, timeoutMs, async () => pids.every(hasEnded));
}

/** A zombie has ended once its last thread has: until then it still holds its files and ports. */
function hasEnded(pid: number): boolean {
  const stat = statOf(pid);
  return stat === undefined || (stat[0] === 'Z' && Number(stat[THREADS]) <= 1);
}

function parentOf(pid: number): number | undefined {
  const parent = statOf(pid)?.[1];
  return parent === undefined ? undefined : Number(parent);
}

/** The fields of /proc/<pid>/stat after the name, which is in brackets and may hold blanks. */
function statOf(pid: number): string[] | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat === '' ? undefined : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
