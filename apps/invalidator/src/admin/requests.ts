import { ttlTables } from '@freshet/cache-keys';
import { z } from 'zod';

const name = z.string().min(1).max(1000);

export const epochRequest = z.strictObject({ reason: name.default('an operator asked for it') });

/** Exactly one of them. */
export const purgeRequest = z.union([
  z.strictObject({ table: name }),
  z.strictObject({ tag: name }),
  z.strictObject({ key: name }),
  z.strictObject({ view: name }),
]);

/** `beginning`, an offset, or a moment in ISO form. */
export const replayRequest = z.strictObject({
  from: z.union([
    z.literal('beginning'),
    z.number().int().min(0).transform(String),
    z.string().regex(/^\d+$/),
    z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
  ]),
  topic: name.optional(),
  partition: z.number().int().min(0).optional(),
});

export const switchRequest = z.strictObject({
  model: z.enum(['*', ...Object.keys(ttlTables.production).filter((model) => model !== 'default')]),
  enabled: z.boolean(),
});

export type PurgeRequest = z.infer<typeof purgeRequest>;
export type ReplayRequest = z.infer<typeof replayRequest>;
