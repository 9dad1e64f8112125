import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { fillLinks } from '../../links.js';
import { paging, renderPage, type PageWindow, type Paging } from '../../paging.js';
import { type View } from '../../view.js';
import { where } from '../shapes/conditions.js';
import { pageOf, type PageOf } from '../shapes/page-of.js';
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

type AuditList = AuditFilter & Paging;
interface Data extends PageOf {
  readonly users: ReadonlyMap<string, SourceRow>;
}

/** Coarse by nature: without a filter every new row of the trail, and every write adds one, changes the count and moves the pages. */
export const auditList: View<AuditList, Data> = {
  name: 'audit.list',
  shapeVersion: 1,
  models: ['default'],
  specimens: [
    { ...NO_AUDIT_FILTER, page: 1, pageSize: 15 },
    { ...FULL_AUDIT_FILTER, page: 1, pageSize: 15 },
  ],
  params: (request) => ({ ...auditFilter(request), ...paging(request) }),

  async load(params, query) {
    const matching = where(...auditConditions(params));
    const texts = {
      count: sql`SELECT count(*) AS count FROM billing_auditlog a ${matching}`,
      ids: ({ size, offset }: PageWindow) =>
        sql`SELECT a.id FROM billing_auditlog a ${matching} ORDER BY a."timestamp" DESC, a.id DESC LIMIT ${size} OFFSET ${offset}`,
      rows: (ids: readonly string[]) => sql`SELECT ${auditColumns} FROM billing_auditlog a WHERE a.id = ANY(${ids})`,
    };
    const page = await pageOf('audit.list', params, { texts, query });
    return { ...page, users: await usersOf(page.rows, query) };
  },

  render: ({ count, window, rows, users }) =>
    renderPage(
      count,
      window,
      rows.map((row) => auditShape(row, users)),
    ),
  finish: fillLinks,
};
