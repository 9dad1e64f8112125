import { type Change, type Row } from '@freshet/row-change';
import { recordedTokens, RunningService } from '../testing/running-service.js';

const BUSINESS = '/api/businesses/1/';
/** Of the recorded data: user 4 is `viewer`, user 2 is `admin`, who has group link 1 to group 1. */
const VIEWER = 4;

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start(`read_api_login_${process.pid}`);
}, 60_000);
afterAll(() => service.stop());

const status = async (as: string | null, path = BUSINESS): Promise<number> => (await service.ask(path, { as })).status;

function changed(table: string, xid: bigint, before: Row | undefined, after: Row | undefined): Change {
  const op = before === undefined ? 'insert' : after === undefined ? 'delete' : 'update';
  const where = { xid: Number(xid & 0xffffffffn), commitMs: 0, lsn: undefined };
  return { kind: 'row', table: { schema: 'public', table }, op, before, after, ...where };
}

async function setActive(active: boolean): Promise<bigint> {
  return service.write(`UPDATE auth_user SET is_active = ${active} WHERE id = ${VIEWER}`);
}

it.each(Object.keys(recordedTokens.headers))('the recorded login "%s" gets what the original gave it', async (name) => {
  const good = ['admin', 'editor', 'viewer', 'superuser', 'nogroup', 'stringid', 'viewer_claims_admin', 'multi'];
  expect(await status(name)).toBe(good.includes(name) ? 200 : 401);
});

it('a second look costs the database nothing, and the answer says where it came from', async () => {
  await service.ask(BUSINESS);
  expect((await service.ask(BUSINESS)).headers['cache-status']).toMatch(/^Freshet; hit; ttl=\d+$/);
});

it('a disabled user is out when the change is applied, and in again likewise', async () => {
  expect(await status('viewer')).toBe(200);
  const off = await setActive(false);
  await service.apply(changed('auth_user', off, { id: VIEWER, is_active: true }, { id: VIEWER, is_active: false }));
  const refused = await service.ask(BUSINESS);
  expect([refused.status, refused.text]).toEqual([401, '{"detail":"User is inactive","code":"user_inactive"}']);
  const on = await setActive(true);
  await service.apply(changed('auth_user', on, { id: VIEWER, is_active: false }, { id: VIEWER, is_active: true }));
  expect(await status('viewer')).toBe(200);
});

it('a lost role is lost when the change is applied', async () => {
  expect(await status('admin', '/api/users/')).toBe(200);
  const xid = await service.write('DELETE FROM auth_user_groups WHERE id = 1');
  await service.apply(changed('auth_user_groups', xid, { id: 1, user_id: 2, group_id: 1 }, undefined));
  expect(await status('admin', '/api/users/')).toBe(403);
});

it('the role that a token claims counts for nothing', async () =>
  expect(await status('viewer_claims_admin', '/api/users/')).toBe(403));

it('what belongs to one user is not served to another', async () => {
  const names = await Promise.all(
    ['viewer', 'editor', 'viewer', 'editor'].map(async (as) => {
      const { text } = await service.ask('/api/profile/', { as });
      return (JSON.parse(text) as { username: string }).username;
    }),
  );
  expect(names).toEqual(['viewer', 'editor', 'viewer', 'editor']);
});
