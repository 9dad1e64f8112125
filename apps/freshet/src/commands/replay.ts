import { OperatorError } from '../errors.js';
import { type Say } from '../output.js';
import { ask } from '../web.js';

export interface ReplayOptions {
  readonly from: string;
  readonly topic?: string;
  readonly partition?: number;
  /** Base URL of the invalidator. */
  readonly invalidator: string;
}

const PLACE = /^(beginning|\d+|\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))$/;

interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** Has the invalidator apply the log again from an earlier place. Nothing that is newer than a change is deleted by it. */
export async function replay(env: NodeJS.ProcessEnv, options: ReplayOptions, say: Say): Promise<void> {
  const { from, topic, partition, invalidator } = options;
  if (!PLACE.test(from))
    throw new OperatorError('--from takes beginning, an offset, or a moment such as 2026-11-23T04:00:00Z');
  const token = env['ADMIN_TOKEN'] ?? '';
  if (token === '') throw new OperatorError('ADMIN_TOKEN is required: the token of the invalidator’s admin API');
  const answer = await ask(new URL('/admin/replay', invalidator).href, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ from, topic, partition }),
  });
  if (answer.status === 401) throw new OperatorError('the invalidator does not accept this ADMIN_TOKEN');
  const body = (await answer.json()) as { from?: readonly Place[]; message?: string | string[] };
  if (!answer.ok)
    throw new OperatorError(`the invalidator refused: ${[body.message ?? answer.status].flat().join('; ')}`);
  for (const place of body.from ?? [])
    say(`${place.topic}/${place.partition} is applied again from offset ${place.offset}`);
  if (body.from?.length === 0) say('no such topic or partition');
}
