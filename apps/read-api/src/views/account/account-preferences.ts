import sql from 'sql-template-tag';
import { statement } from '../../statement.js';
import { type Rendered, type View } from '../../view.js';
import { text } from '../shapes/columns.js';

type AccountPreferences = { readonly user: number };

/** Of the caller alone: the account is part of the key. */
export const accountPreferences: View<AccountPreferences, string> = {
  name: 'account.preferences',
  shapeVersion: 1,
  models: ['default'],
  specimens: [{ user: 1 }],
  params: (request) => ({ user: request.userId }),

  async load({ user }, query) {
    const [row] = await query(
      statement('account.preferences', sql`SELECT data FROM billing_userpreference WHERE user_id = ${user}`),
    );
    return row === undefined ? '{}' : text(row, 'data');
  },

  // PostgreSQL's JSON text goes out as it is: parsing would round long numbers.
  render: (data): Rendered<{ data: unknown }> => ({ status: 200, body: `{"data":${data}}` }),
};
