import { type Change } from '@freshet/row-change';
import { RunningService, type HttpAnswer } from '../testing/running-service.js';

const PRODUCT = '/api/products/2/';
const HOUR_MS = 3_600_000;

let service: RunningService;
let sequence = 0n;
beforeAll(async () => {
  service = await RunningService.start(`read_api_cache_${process.pid}`, { ON_STALE: 'bypass', MAX_STALENESS: '1h' });
}, 60_000);
afterAll(() => service.stop());

/** The log is applied up to now. */
async function heartbeat(): Promise<void> {
  sequence += 1n;
  const xid = await service.write('SELECT 1');
  await service.apply({ kind: 'heartbeat', sequence, xid: Number(xid), commitMs: Date.now(), lsn: undefined });
}

const ask = (headers: Record<string, string> = {}, path = PRODUCT): Promise<HttpAnswer> =>
  service.ask(path, { headers });
const status = ({ headers }: HttpAnswer): unknown => headers['cache-status'];
const nameIn = ({ text }: HttpAnswer): string => (JSON.parse(text) as { name: string }).name;

function renamed(xid: bigint, before: string, after: string): Change {
  const table = { schema: 'public', table: 'billing_product' };
  const images = { before: { id: 2, name: before }, after: { id: 2, name: after } };
  return { kind: 'row', table, op: 'update', ...images, xid: Number(xid), commitMs: Date.now(), lsn: undefined };
}
const rename = (name: string): Promise<bigint> =>
  service.write(`UPDATE billing_product SET name = '${name}' WHERE id = 2`);

it('before anything of the log is applied nothing is stored or trusted', async () => {
  expect(status(await ask())).toBe('Freshet; fwd=bypass; detail=stale-log');
  await heartbeat();
  expect(status(await ask())).toBe('Freshet; fwd=miss; stored');
});

it('a miss is stored, a hit says how old it is and how long it lives', async () => {
  const miss = await ask({}, '/api/products/1/');
  const hit = await ask({}, '/api/products/1/');
  expect(status(miss)).toBe('Freshet; fwd=miss; stored');
  expect(status(hit)).toMatch(/^Freshet; hit; ttl=3[0-9]{3}$/);
  expect(hit.headers['age']).toMatch(/^\d$/);
  expect([hit.text, hit.headers.etag]).toEqual([miss.text, miss.headers.etag]);
});

it('a log that is further behind than the caller accepts is not trusted', async () => {
  await ask();
  expect(status(await ask())).toMatch(/^Freshet; hit/);
  expect(status(await ask({ 'freshet-max-staleness': '0' }))).toBe('Freshet; fwd=bypass; detail=stale-log');
  expect(status(await ask({ 'freshet-max-staleness': String(48 * HOUR_MS) }))).toMatch(/^Freshet; hit/);
});

it('a caller sees the write that it names, before and after the log brought it', async () => {
  const old = nameIn(await ask());
  const xid = await rename('Named in a token');
  const token = { 'freshet-token': String(xid) };
  const early = await ask(token);
  expect([status(early), nameIn(early)]).toEqual(['Freshet; fwd=bypass; detail=token', 'Named in a token']);
  expect(nameIn(await ask({ cookie: `a=b; freshet_token=${xid}` }))).toBe('Named in a token');
  expect(nameIn(await ask({ 'freshet-token': 'nonsense' }))).toBe(old);
  await service.apply(renamed(xid, old, 'Named in a token'));
  await heartbeat();
  await ask(token);
  const late = await ask(token);
  expect([status(late), nameIn(late)]).toEqual([expect.stringMatching(/^Freshet; hit/), 'Named in a token']);
});

it('a caller may ask to go past the entry', async () => {
  await ask();
  await rename('Asked for anew');
  expect(nameIn(await ask({ 'cache-control': 'max-age=0, no-cache' }))).toBe('Asked for anew');
});

it('a row that was missing is found once its insert is applied', async () => {
  const path = '/api/products/4711/';
  expect([(await ask({}, path)).status, status(await ask({}, path))]).toEqual([404, expect.stringMatching(/hit/)]);
  const copy = `INSERT INTO billing_product SELECT (jsonb_populate_record(p, '{"id":4711,"name":"Nothing like it"}')).* FROM billing_product p WHERE id = 2`;
  const xid = await service.write(copy);
  const table = { schema: 'public', table: 'billing_product' };
  const origin = { xid: Number(xid), commitMs: Date.now(), lsn: undefined };
  await service.apply({ kind: 'row', table, op: 'insert', before: undefined, after: { id: 4711 }, ...origin });
  expect((await ask({}, path)).status).toBe(200);
});

it('equal requests share an entry, whatever their form', async () => {
  await ask({}, '/api/customers/?page_size=20&search=a&ordering=name');
  const same = await ask({}, '/api/customers/?ordering=name,nonsense&limit=20&unknown=1&search=x&search=a');
  expect(status(same)).toMatch(/^Freshet; hit/);
});

it('counts what was loaded from the database, and how long it took', async () => {
  await ask({ 'Cache-Control': 'no-cache' });
  const { text } = await service.ask('/metrics', { as: null });
  expect(text).toMatch(/^cache_load_seconds_count\{.*view="product\.get".*\} [1-9]/m);
});
