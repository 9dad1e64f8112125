import { PART_NAMES } from '../stack/part.js';
import { Supervisor } from '../stack/supervisor.js';
import { SERVICES } from './services.js';

/** Services before what they stand on, Connect before the broker it would miss. */
const STOP_ORDER = [SERVICES, ['connect'], PART_NAMES] as const;

/** The processes that run in the folder. */
export function runningParts(dir: string): ReadonlySet<string> {
  const supervisor = new Supervisor(dir);
  return new Set([...SERVICES, ...PART_NAMES].filter((name) => supervisor.pid(name) !== undefined));
}

/** Ends what runs in the folder, except `kept`. Returns what was ended. */
export async function stopParts(dir: string, kept: ReadonlySet<string> = new Set()): Promise<readonly string[]> {
  const ending = [...runningParts(dir)].filter((name) => !kept.has(name));
  const supervisor = new Supervisor(dir);
  for (const names of STOP_ORDER) {
    await Promise.all(names.filter((name) => ending.includes(name)).map((name) => supervisor.stop(name)));
  }
  return ending;
}
