import { type Redis } from 'ioredis';

const KEPT = 10_000;
const FROM_MICROS = 1000;

export interface LongestCommand {
  /** 0 when none took a millisecond. */
  readonly ms: number;
  readonly text: string;
}

/** From here on Redis notes each command that takes a millisecond or more. */
export async function noteSlowCommands(redis: Redis): Promise<void> {
  await redis.config('SET', 'slowlog-log-slower-than', String(FROM_MICROS));
  await redis.config('SET', 'slowlog-max-len', String(KEPT));
  await redis.slowlog('RESET');
}

/** The one that kept everybody else waiting longest. */
export async function longestCommand(redis: Redis): Promise<LongestCommand> {
  const slow = (await redis.slowlog('GET', KEPT)) as [number, number, number, string[]][];
  const [first] = slow.sort(([, , a], [, , b]) => b - a);
  if (first === undefined) return { ms: 0, text: 'none over 1 ms' };
  const [, , micros, [command = '']] = first;
  return { ms: micros / 1000, text: `${(micros / 1000).toFixed(1)} ms (${command})` };
}
