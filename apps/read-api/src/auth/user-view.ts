import sql from 'sql-template-tag';
import { type Query, type SourceRow } from '@freshet/cache-engine';
import { statement } from '../statement.js';
import { type View } from '../view.js';

type UserParams = { readonly id: number };

/** A page may be old for a moment, a login may not: if the log stops, accounts are looked up again this soon. */
export const SECURITY_TTL_SECONDS = 60;

/** What became of an account: the body is one of these words. */
export const ACTIVE = 'active';
const INACTIVE = 'inactive';
export const UNKNOWN = 'unknown';

/** Whether an account exists and is active. Read on every request. */
export const userView: View<UserParams, SourceRow | undefined> = {
  name: 'auth.user',
  shapeVersion: 1,
  models: [],
  ttlSeconds: SECURITY_TTL_SECONDS,
  specimens: [{ id: 1 }],
  params: (request) => ({ id: request.userId }),
  async load({ id }, query: Query) {
    const [row] = await query(statement('auth.user', sql`SELECT is_active FROM auth_user WHERE id = ${id}`));
    return row;
  },
  render: (row) => ({
    status: 200,
    body: row === undefined ? UNKNOWN : row['is_active'] === 't' ? ACTIVE : INACTIVE,
  }),
};
