import { type StoreConnection } from '@freshet/redis-store';
import { type Client } from 'pg';

/** What the checks look at. */
export interface Patient {
  readonly redis: StoreConnection;
  readonly database: Client;
  readonly publication: string;
  readonly slot: string;
  /** Base URL of Kafka Connect; undefined leaves the connector unchecked. */
  readonly connect: string | undefined;
  readonly connector: string;
  readonly pause: (ms: number) => Promise<void>;
  readonly nowMs: () => number;
}

/**
 * - ok: as it must be.
 * - warn: safe, but costly or soon unsafe.
 * - fail: changes may be missed, or nothing is cached.
 */
export type State = 'ok' | 'warn' | 'fail';

export interface Finding {
  readonly state: State;
  readonly said: string;
  /** How to mend it. */
  readonly mend?: string;
}

export interface Check {
  readonly name: string;
  run(patient: Patient): Promise<Finding>;
}

export const ok = (said: string): Finding => ({ state: 'ok', said });
export const warn = (said: string, mend: string): Finding => ({ state: 'warn', said, mend });
export const fail = (said: string, mend: string): Finding => ({ state: 'fail', said, mend });

/** A check that cannot even look has failed. */
export async function carryOut(check: Check, patient: Patient): Promise<Finding> {
  try {
    return await check.run(patient);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error), 'make this readable for whoever runs doctor');
  }
}
