import { type Params } from '@freshet/cache-keys';
import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { roleOf } from '../../auth/role-view.js';
import { statement } from '../../statement.js';
import { dateTime, isTrue } from '../../values.js';
import { type View } from '../../view.js';
import { found } from '../shapes/answer.js';
import { byColumn, grouped, maybeText, number, rowAt, text } from '../shapes/columns.js';
import { fullName } from '../shapes/user-name.js';

interface Data {
  readonly users: readonly SourceRow[];
  readonly links: readonly SourceRow[];
  readonly groups: readonly SourceRow[];
}

/** Every account with its role: by its meaning all three tables, whole. */
export const accountUsers: View<Params, Data> = {
  name: 'account.users',
  shapeVersion: 1,
  models: ['default'],
  specimens: [{}],
  params: () => ({}),

  async load(_, query) {
    const users = await query(
      statement(
        'account.users',
        sql`SELECT id, username, email, first_name, last_name, is_superuser, is_active, date_joined, last_login
            FROM auth_user ORDER BY username`,
      ),
    );
    const links = await query(
      statement('account.users.links', sql`SELECT user_id, group_id FROM auth_user_groups ORDER BY id`),
    );
    const groups = await query(statement('account.users.groups', sql`SELECT id, name FROM auth_group ORDER BY id`));
    return { users, links, groups };
  },

  render({ users, links, groups }) {
    const linksOf = grouped(links, 'user_id');
    const groupOf = byColumn(groups, 'id');
    const namesOf = (user: SourceRow): readonly string[] =>
      (linksOf.get(text(user, 'id')) ?? []).map((link) => text(rowAt(groupOf, text(link, 'group_id')), 'name'));
    return found(users.map((user) => userShape(user, namesOf(user))));
  },
};

function userShape(user: SourceRow, groups: readonly string[]) {
  const lastLogin = maybeText(user, 'last_login');
  return {
    id: number(user, 'id'),
    username: text(user, 'username'),
    email: text(user, 'email'),
    first_name: text(user, 'first_name'),
    last_name: text(user, 'last_name'),
    full_name: fullName(user),
    role: isTrue(text(user, 'is_superuser')) ? 'admin' : roleOf(groups),
    is_active: isTrue(text(user, 'is_active')),
    date_joined: dateTime(text(user, 'date_joined'), '+00:00'),
    last_login: lastLogin === null ? null : dateTime(lastLogin, '+00:00'),
  };
}
