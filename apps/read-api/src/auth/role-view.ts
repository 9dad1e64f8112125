import sql from 'sql-template-tag';
import { type Query } from '@freshet/cache-engine';
import { statement } from '../statement.js';
import { type View } from '../view.js';
import { SECURITY_TTL_SECONDS } from './user-view.js';

type Role = 'admin' | 'editor' | 'viewer';

type RoleParams = { readonly id: number };
interface Rights {
  readonly isSuperuser: boolean;
  readonly groups: readonly string[];
}

/** The role of an account; the body is the word. The token's own `role` claim counts for nothing. */
export const roleView: View<RoleParams, Rights> = {
  name: 'auth.role',
  shapeVersion: 1,
  models: [],
  ttlSeconds: SECURITY_TTL_SECONDS,
  specimens: [{ id: 1 }],
  params: (request) => ({ id: request.userId }),
  async load({ id }, query: Query) {
    const [user] = await query(statement('auth.role.user', sql`SELECT is_superuser FROM auth_user WHERE id = ${id}`));
    const links = await query(
      statement('auth.role.links', sql`SELECT group_id FROM auth_user_groups WHERE user_id = ${id}`),
    );
    // The groups by their keys, not by a join: a renamed group then concerns its members only.
    const groups = await query(
      statement(
        'auth.role.groups',
        sql`SELECT name FROM auth_group WHERE id = ANY(${links.map((link) => link['group_id'] ?? null)}::int[])`,
      ),
    );
    return { isSuperuser: user?.['is_superuser'] === 't', groups: groups.map((group) => group['name'] ?? '') };
  },
  render: ({ isSuperuser, groups }) => ({ status: 200, body: isSuperuser ? 'admin' : roleOf(groups) }),
};

/** The highest of the groups; without one, the lowest. Names count exactly. */
export function roleOf(groups: readonly string[]): Role {
  return (['admin', 'editor'] as const).find((role) => groups.includes(role)) ?? 'viewer';
}
