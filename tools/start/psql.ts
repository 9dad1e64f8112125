import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs statements through psql, one after the other, each committed; the last one's rows come back, unadorned. */
export async function psql(command: readonly string[], ...statements: readonly string[]): Promise<string> {
  const [file = 'psql', ...args] = command;
  const switches = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', ...statements.flatMap((sql) => ['-c', sql])];
  const { stdout } = await promisify(execFile)(file, [...args, ...switches]);
  return stdout.trim();
}
