import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Chance, type Clock, type LeaseId } from '@freshet/cache-engine';
import { type DatabaseClock } from './postgres/database-clock.js';

export function systemClock(database: DatabaseClock): Clock {
  return { nowMs: () => Date.now(), databaseMs: () => database.databaseMs(), pause: (ms) => pause(ms) };
}

export const systemChance: Chance = {
  leaseId: () => randomBytes(12).toString('base64url') as LeaseId,
  fraction: () => Math.random(),
};
