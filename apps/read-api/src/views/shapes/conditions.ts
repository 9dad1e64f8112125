import sql, { empty, join, type Sql } from 'sql-template-tag';

/** `WHERE a AND b` over the conditions that are given; nothing without any. */
export function where(...conditions: readonly (Sql | undefined)[]): Sql {
  const given = conditions.filter((condition) => condition !== undefined);
  return given.length === 0 ? empty : sql`WHERE ${join(given, ' AND ')}`;
}

/** A condition on a parameter, left out with it. */
export function given<T>(value: T | undefined, condition: (value: T) => Sql): Sql | undefined {
  return value === undefined ? undefined : condition(value);
}
