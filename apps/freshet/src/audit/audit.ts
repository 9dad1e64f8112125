import { cleared, judge, type Look } from './judge.js';
import { SCALES_MS, type Finding } from './nines.js';

export interface AuditPorts {
  /** Undefined when the address does not answer as it did. */
  readonly look: (address: string) => Promise<Look | undefined>;
  readonly pause: (ms: number) => Promise<void>;
  /** Told of each answer that stayed wrong. */
  readonly onWrong: (address: string, afterMs: number) => void;
}

/** Looks once, and at a suspect again after each scale. Undefined: there was no hit to judge. */
export async function auditOne(address: string, { look, pause, onWrong }: AuditPorts): Promise<Finding | undefined> {
  const first = await look(address);
  const judgement = first === undefined ? 'not-cached' : judge(first);
  if (judgement === 'not-cached') return undefined;
  if (judgement === 'right') return { kind: 'right', afterMs: 0 };
  const suspect = first?.cached ?? '';
  let waitedMs = 0;
  for (const scaleMs of SCALES_MS) {
    await pause(scaleMs - waitedMs);
    waitedMs = scaleMs;
    const again = await look(address);
    if (again === undefined || cleared(suspect, again)) return { kind: 'right', afterMs: scaleMs };
    onWrong(address, scaleMs);
  }
  return { kind: 'wrong' };
}
