import { readFileSync } from 'node:fs';

/** What the kernel counts a second in. */
const TICKS_PER_SECOND = 100;

/** CPU time that the process has used so far, all its threads together. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

export interface Memory {
  readonly nowMiB: number;
  readonly mostMiB: number;
}

/** Resident memory, and the most it ever was. */
export function memory(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? NaN);
  return { nowMiB: kib('VmRSS') / 1024, mostMiB: kib('VmHWM') / 1024 };
}

/** Host clock with the resolution that single milliseconds need. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
