import { ADMIN_TOKEN } from '../e2e/services.js';

/** A command of the admin API; one that does not arrive was no fault, so nothing is lost. */
export async function command(url: string, name: string, body: unknown): Promise<void> {
  await fetch(`${url}/admin/${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(5000),
  }).catch(() => undefined);
}
