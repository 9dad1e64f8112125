import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { notFound } from '../../api-error.js';
import { statement } from '../../statement.js';
import { dateTime } from '../../values.js';
import { type View } from '../../view.js';
import { found } from '../shapes/answer.js';
import { number, text } from '../shapes/columns.js';
import { fullName } from '../shapes/user-name.js';

type AccountProfile = { readonly user: number };

/** Of the caller alone: the account is part of the key. */
export const accountProfile: View<AccountProfile, SourceRow> = {
  name: 'account.profile',
  shapeVersion: 1,
  models: ['default'],
  specimens: [{ user: 1 }],
  params: (request) => ({ user: request.userId }),

  async load({ user }, query) {
    const [row] = await query(
      statement(
        'account.profile',
        sql`SELECT id, username, email, first_name, last_name, date_joined FROM auth_user WHERE id = ${user}`,
      ),
    );
    // The login check has seen the account; it went since.
    if (row === undefined) throw notFound();
    return row;
  },

  render: (row) =>
    found({
      id: number(row, 'id'),
      username: text(row, 'username'),
      email: text(row, 'email'),
      first_name: text(row, 'first_name'),
      last_name: text(row, 'last_name'),
      full_name: fullName(row),
      date_joined: dateTime(text(row, 'date_joined'), '+00:00'),
    }),
};
