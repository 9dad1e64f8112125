import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Scene } from './scene.js';

/** A statement as it was sent to PostgreSQL, with the values it was sent with. */
export interface SentStatement {
  readonly text: string;
  readonly values: readonly (string | null)[];
}

const NOTED_MS = 300;

/**
 * What PostgreSQL itself noted of the statements that `act` made the read API send, from its log: whatever a view does, nothing has to
 * be written down twice here.
 */
export async function statementsOf(scene: Scene, act: () => Promise<unknown>): Promise<readonly SentStatement[]> {
  const file = join(scene.stack.dir, 'log', 'postgres.log');
  await setting(scene, "SET log_statement = 'all'");
  try {
    const from = statSync(file).size;
    await act();
    await pause(NOTED_MS);
    return parseLog(readFileSync(file).subarray(from).toString(), await readApiSessions(scene));
  } finally {
    await setting(scene, 'RESET log_statement');
  }
}

/** The connector has sessions, too, and asks things of its own in them. */
async function readApiSessions(scene: Scene): Promise<ReadonlySet<string>> {
  const sessions = "SELECT pid::text FROM pg_stat_activity WHERE application_name = 'freshet-read-api'";
  return new Set((await scene.writer.query<{ pid: string }>(sessions)).rows.map(({ pid }) => pid));
}

async function setting(scene: Scene, what: string): Promise<void> {
  await scene.writer.query(`ALTER SYSTEM ${what}`);
  await scene.writer.query('SELECT pg_reload_conf()');
  await pause(NOTED_MS);
}

const ENTRY = /^\S+ \S+ \S+ \[(\d+)\] (LOG|DETAIL): {2}(.*)$/;

/** What a view does not read: clocks, heartbeats, and how its transaction begins. */
const NOT_READ = /clock_timestamp|heartbeat|^BEGIN|pg_current_snapshot/;

/** Prepared statements of these sessions with their parameters, in order. Simple ones (COMMIT, settings) are not what a view reads either. */
export function parseLog(text: string, sessions: ReadonlySet<string>): readonly SentStatement[] {
  const found: { pid: string; text: string; values: (string | null)[] }[] = [];
  let open: 'text' | 'values' | undefined;
  for (const line of text.split('\n')) {
    const entry = ENTRY.exec(line);
    if (entry === null) {
      const last = found.at(-1);
      if (open === 'text' && last !== undefined) last.text += `\n${line.replace(/^\t/, '')}`;
      continue;
    }
    const [, pid = '', level, message = ''] = entry;
    const executed = /^execute [^:]+: (.*)$/.exec(message);
    open = undefined;
    if (level === 'LOG' && executed !== null) {
      found.push({ pid, text: executed[1] ?? '', values: [] });
      open = 'text';
    }
    const values = level === 'DETAIL' && message.startsWith('parameters: ') ? message.slice('parameters: '.length) : '';
    const last = found.at(-1);
    if (values !== '' && last?.pid === pid) last.values = parseValues(values);
  }
  return found
    .filter(({ pid, text: sql }) => sessions.has(pid) && !NOT_READ.test(sql))
    .map(({ text: sql, values: v }) => ({ text: sql, values: v }));
}

/** `$1 = '5', $2 = NULL, $3 = 'it''s'` */
function parseValues(text: string): (string | null)[] {
  return [...text.matchAll(/\$\d+ = (?:'((?:[^']|'')*)'|NULL)/g)].map(
    ([, value]) => value?.replaceAll("''", "'") ?? null,
  );
}
