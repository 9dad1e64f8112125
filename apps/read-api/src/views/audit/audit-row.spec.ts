import { requestTo } from '../testing/request.js';
import { auditFilter, auditShape } from './audit-row.js';

const row = {
  id: '5',
  action: 'updated',
  entity: 'invoice',
  entity_id: '7',
  entity_name: '#3 - Anil',
  user_id: '1',
  details: 'Updated total_amount',
  changes: '{"total_amount": {"new": "1030.000", "old": "0"}}',
  timestamp: '2024-05-01 10:05:00+00',
  has_snapshot: 't',
};
const users = new Map([['1', { id: '1', username: 'asha', first_name: ' Asha', last_name: 'Rao ' }]]);

test('a row shows its changes as JSON and its user by name', () => {
  expect(auditShape(row, users)).toMatchObject({
    user: 1,
    user_name: 'Asha Rao',
    changes: { total_amount: { old: '0', new: '1030.000' } },
    timestamp: '2024-05-01T10:05:00Z',
  });
});

test('a user without names is shown by username, and no user as the system', () => {
  const nameless = new Map([['1', { id: '1', username: 'asha', first_name: '', last_name: ' ' }]]);
  expect(auditShape(row, nameless)).toMatchObject({ user_name: 'asha' });
  expect(auditShape({ ...row, user_id: null }, users)).toMatchObject({ user: null, user_name: 'System' });
});

test.each([
  ['created', null, true],
  ['updated', 't', true],
  ['deleted', 't', true],
  ['deleted', 'f', false],
  ['updated', null, false],
  ['printed', 't', false],
])('%s with a snapshot of %p: can be undone %p', (action, has_snapshot, canUndo) => {
  expect(auditShape({ ...row, action, has_snapshot }, users)).toMatchObject({ can_undo: canUndo });
});

test('all is no filter, and a number beyond the column matches nothing', () => {
  expect(auditFilter(requestTo('/?action=all&entity=all&entity_id=99999999999'))).toEqual({
    action: undefined,
    entity: undefined,
    entity_id: '-1',
    search: undefined,
  });
});
