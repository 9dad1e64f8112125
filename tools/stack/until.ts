import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 50;

/** Asks `condition` until it answers something true; a thrown error counts as "not yet" and is named when time runs out. */
export async function until<T>(
  what: string,
  timeoutMs: number,
  condition: () => Promise<T | undefined | false>,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let trouble: unknown;
    try {
      const answer = await condition();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      if (error instanceof GiveUp) throw error;
      trouble = error;
    }
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s for ${what}`, { cause: trouble });
    await pause(POLL_MS);
  }
}

/** Thrown by a condition that can never come true any more. */
export class GiveUp extends Error {}
