import { roleOf } from './role-view.js';

it.each([
  [['viewer', 'admin', 'editor'], 'admin'],
  [['viewer', 'editor'], 'editor'],
  [['viewer'], 'viewer'],
  [[], 'viewer'],
  [['Admin', 'ADMIN ', 'accountants'], 'viewer'],
])('a member of %j is %s', (groups, role) => expect(roleOf(groups)).toBe(role));
