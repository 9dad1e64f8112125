import { setTimeout as pause } from 'node:timers/promises';
import { carryOut, type Check, type Finding, type State } from '../doctor/check.js';
import { connectorSettings, connectorState } from '../doctor/connector.js';
import { clocks, fills, heartbeat, slot, watermark } from '../doctor/movement.js';
import { capturedTables, eventTriggers, operations, replicaIdentity, walLevel } from '../doctor/publication.js';
import { readerRole } from '../doctor/reader-role.js';
import { evictionPolicy, keyAgreement } from '../doctor/store.js';
import { type Say } from '../output.js';
import { withDatabase, withStore } from '../sites.js';

/** Along the way of a change: from the database through the connector to the store, then the reader. */
const CHECKS: readonly Check[] = [
  walLevel,
  operations,
  capturedTables,
  replicaIdentity,
  eventTriggers,
  slot,
  heartbeat,
  connectorState,
  connectorSettings,
  evictionPolicy,
  watermark,
  fills,
  keyAgreement,
  readerRole,
  clocks,
];

export interface DoctorOptions {
  readonly publication: string;
  readonly slot: string;
  readonly connector: string;
  /** Base URL of Kafka Connect. */
  readonly connect?: string;
}

/** A line for each check, and how to mend what is not as it must be. Resolves to whether none failed. */
export function doctor(env: NodeJS.ProcessEnv, options: DoctorOptions, say: Say): Promise<boolean> {
  return withStore(env, (redis) =>
    withDatabase(env, async (database) => {
      const connect = (options.connect ?? env['CONNECT_URL'])?.replace(/\/$/, '');
      const patient = { ...options, connect, redis, database, pause: (ms: number) => pause(ms), nowMs: Date.now };
      const states: State[] = [];
      for (const check of CHECKS) {
        const finding = await carryOut(check, patient);
        states.push(finding.state);
        sayFinding(check.name, finding, say);
      }
      return !states.includes('fail');
    }),
  );
}

const NAME_WIDTH = Math.max(...CHECKS.map(({ name }) => name.length));

function sayFinding(name: string, { state, said, mend }: Finding, say: Say): void {
  say(`${state.padEnd(4)}  ${name.padEnd(NAME_WIDTH)}  ${said}`);
  if (mend !== undefined) say(`${' '.repeat(NAME_WIDTH + 8)}→ ${mend}`);
}
