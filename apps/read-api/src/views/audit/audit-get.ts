import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { pathId } from '../../parameters.js';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { found, missing } from '../shapes/answer.js';
import { where } from '../shapes/conditions.js';
import {
  auditColumns,
  auditConditions,
  auditFilter,
  auditShape,
  FULL_AUDIT_FILTER,
  NO_AUDIT_FILTER,
  usersOf,
  type AuditFilter,
} from './audit-row.js';

type AuditGet = AuditFilter & { readonly id: string };
type Data = { readonly row: SourceRow; readonly users: ReadonlyMap<string, SourceRow> } | undefined;

export const auditGet: View<AuditGet, Data> = {
  name: 'audit.get',
  shapeVersion: 1,
  models: ['default'],
  specimens: [
    { ...NO_AUDIT_FILTER, id: '1' },
    { ...FULL_AUDIT_FILTER, id: '1' },
  ],
  params: (request) => ({ id: pathId(request), ...auditFilter(request) }),

  async load({ id, ...filter }, query) {
    const matching = where(sql`a.id = ${id}`, ...auditConditions(filter));
    const [row] = await query(
      statement('audit.get.row', sql`SELECT ${auditColumns} FROM billing_auditlog a ${matching}`),
    );
    return row === undefined ? undefined : { row, users: await usersOf([row], query) };
  },

  render: (data) => (data === undefined ? missing('AuditLog') : found(auditShape(data.row, data.users))),
};
