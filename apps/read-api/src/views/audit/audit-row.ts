import { type Query, type SourceRow } from '@freshet/cache-engine';
import sql, { type Sql } from 'sql-template-tag';
import { text as textParameter, wholeNumber } from '../../parameters.js';
import { contains } from '../../search.js';
import { statement } from '../../statement.js';
import { isTrue } from '../../values.js';
import { type ViewRequest } from '../../view.js';
import { byColumn, maybeNumber, maybeText, number, text, time } from '../shapes/columns.js';
import { given } from '../shapes/conditions.js';
import { fullName } from '../shapes/user-name.js';

/** The filters of the list, which act on one row too. */
export type AuditFilter = {
  readonly action: string | undefined;
  readonly entity: string | undefined;
  readonly entity_id: string | undefined;
  readonly search: string | undefined;
};

export const NO_AUDIT_FILTER: AuditFilter = {
  action: undefined,
  entity: undefined,
  entity_id: undefined,
  search: undefined,
};
export const FULL_AUDIT_FILTER: AuditFilter = { action: 'created', entity: 'invoice', entity_id: '1', search: 'a' };

/** Of billing_auditlog AS a. Of the snapshot only whether there is one: it can be large. */
export const auditColumns = sql`
  a.id, a.action, a.entity, a.entity_id, a.entity_name, a.user_id, a.details, a.changes, a."timestamp",
  a.snapshot NOT IN ('{}', 'null') AS has_snapshot`;

const LARGEST_ENTITY_ID = 2n ** 31n - 1n;

/** @throws ApiError 400 */
export function auditFilter(request: ViewRequest): AuditFilter {
  return {
    action: unlessAll(textParameter(request, 'action')),
    entity: unlessAll(textParameter(request, 'entity')),
    entity_id: entityId(request),
    search: textParameter(request, 'search'),
  };
}

function unlessAll(word: string | undefined): string | undefined {
  return word === 'all' ? undefined : word;
}

/** The column has 32 bits: a greater number matches nothing, and PostgreSQL would refuse it. */
function entityId(request: ViewRequest): string | undefined {
  const id = wholeNumber(request, 'entity_id');
  return id !== undefined && BigInt(id) > LARGEST_ENTITY_ID ? '-1' : id;
}

export function auditConditions(filter: AuditFilter): readonly (Sql | undefined)[] {
  return [
    given(filter.action, (action) => sql`a.action = ${action}`),
    given(filter.entity, (entity) => sql`a.entity = ${entity}`),
    given(filter.entity_id, (id) => sql`a.entity_id = ${id}`),
    given(filter.search, (search) => {
      const pattern = contains(search);
      return sql`(UPPER(a.entity_name) LIKE UPPER(${pattern}) OR UPPER(a.details) LIKE UPPER(${pattern}))`;
    }),
  ];
}

/** The users of some rows, by id. */
export async function usersOf(rows: readonly SourceRow[], query: Query): Promise<ReadonlyMap<string, SourceRow>> {
  const ids = [...new Set(rows.map((row) => maybeText(row, 'user_id')))].filter((id) => id !== null).sort();
  if (ids.length === 0) return new Map();
  const users = await query(
    statement('audit.users', sql`SELECT id, username, first_name, last_name FROM auth_user WHERE id = ANY(${ids})`),
  );
  return byColumn(users, 'id');
}

export function auditShape(row: SourceRow, users: ReadonlyMap<string, SourceRow>) {
  const user = users.get(maybeText(row, 'user_id') ?? '');
  const changes = maybeText(row, 'changes');
  return {
    id: number(row, 'id'),
    action: text(row, 'action'),
    entity: text(row, 'entity'),
    entity_id: number(row, 'entity_id'),
    entity_name: text(row, 'entity_name'),
    user: maybeNumber(row, 'user_id'),
    user_name: user === undefined ? 'System' : fullName(user),
    details: text(row, 'details'),
    changes: changes === null ? null : (JSON.parse(changes) as unknown),
    timestamp: time(row, 'timestamp'),
    can_undo: canUndo(row),
  };
}

function canUndo(row: SourceRow): boolean {
  const action = text(row, 'action');
  if (action === 'created') return true;
  return (action === 'deleted' || action === 'updated') && isTrue(maybeText(row, 'has_snapshot'));
}
