import sql, { raw, type Sql } from 'sql-template-tag';
import { given } from './conditions.js';

/** Two bounds, both inclusive and each alone. @param column a literal of the view, never a value of a request */
export function between(
  column: string,
  from: string | undefined,
  to: string | undefined,
): readonly (Sql | undefined)[] {
  return [given(from, (day) => sql`${raw(column)} >= ${day}`), given(to, (day) => sql`${raw(column)} <= ${day}`)];
}
