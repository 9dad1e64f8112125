import { type SourceRow } from '@freshet/cache-engine';
import { text } from './columns.js';

/** First and last name, or the username where both are empty. */
export function fullName(user: SourceRow): string {
  return `${text(user, 'first_name')} ${text(user, 'last_name')}`.trim() || text(user, 'username');
}
