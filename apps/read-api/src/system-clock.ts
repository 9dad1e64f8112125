import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Chance, type Clock, type LeaseId } from '@freshet/cache-engine';
import { type DatabaseClock } from './postgres/database-clock.js';

export function systemClock(database: DatabaseClock): Clock {
  return { nowMs: () => Date.now(), databaseMs: () => database.databaseMs(), pause: (ms) => pause(ms) };
}

/** Of this process: asking the system for each lease costs more than all else of it. */
const PROCESS = randomBytes(12).toString('base64url');
let leases = 0;

export const systemChance: Chance = {
  leaseId: () => `${PROCESS}.${(leases += 1)}` as LeaseId,
  fraction: () => Math.random(),
};
