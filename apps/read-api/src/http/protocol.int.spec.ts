import { connect } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { RunningService } from '../testing/running-service.js';

const BUSINESS = '/api/businesses/1/';
const SCANNED = '/api/inward-bills/425/';
let service: RunningService;

beforeAll(async () => {
  service = await RunningService.start(`read_api_protocol_${process.pid}`, { CORS_ORIGINS: 'http://books.example' });
}, 60_000);
afterAll(() => service.stop());

describe('the order of checks', () => {
  it('an unknown path is 404 before anything else', async () => {
    const answer = await service.ask('/api/nothing/', { as: null, headers: { accept: 'text/html' } });
    expect([answer.status, answer.text]).toEqual([404, '{"detail":"Not found."}']);
  });
  it('a missing slash is sent on before the token is looked at, query kept', async () => {
    const answer = await service.ask('/api/businesses?page=2&x=%20', { as: null, headers: { accept: 'text/html' } });
    expect([answer.status, answer.headers.location, answer.text]).toEqual([301, '/api/businesses/?page=2&x=%20', '']);
    expect((await service.ask('/api/%62usinesses/a%20%0d%0ab')).headers.location).toBe('/api/businesses/a%20%0D%0Ab/');
  });
  it('Accept and format come before the token', async () => {
    expect((await service.ask(BUSINESS, { as: null, headers: { accept: 'text/html' } })).status).toBe(406);
    expect((await service.ask(`${BUSINESS}?format=xml`, { as: null })).status).toBe(404);
  });
  it('the token comes before role, method and parameters', async () => {
    expect((await service.ask('/api/users/', { as: null })).status).toBe(401);
    expect((await service.ask(BUSINESS, { as: null, method: 'DELETE' })).status).toBe(401);
    expect((await service.ask('/api/invoices/?business_id=abc', { as: null })).status).toBe(401);
  });
  it('the role comes before the method', async () => {
    expect((await service.ask('/api/users/', { method: 'POST' })).status).toBe(403);
    expect((await service.ask('/api/users/', { as: 'admin', method: 'POST' })).status).toBe(405);
  });
  it('the method comes before rows and parameters', async () => {
    const answer = await service.ask('/api/businesses/999/?search=%00', { method: 'PATCH' });
    expect([answer.status, answer.text]).toEqual([405, '{"detail":"Method \\"PATCH\\" not allowed."}']);
    expect(answer.headers['allow']).toBe('GET, HEAD, OPTIONS');
  });
});

it('every answer carries the headers of the original', async () => {
  for (const answer of [await service.ask(BUSINESS), await service.ask(BUSINESS, { as: null })]) {
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'x-frame-options': 'SAMEORIGIN',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
    });
    const vary = answer.bytes.length < 200 ? 'Accept, origin' : 'Accept, origin, Accept-Encoding';
    expect(answer.headers['vary']).toBe(vary);
    expect(answer.headers['cache-control']).toContain('private');
  }
});

it('one entry, and links on whichever host and scheme was asked', async () => {
  const next = async (headers: Record<string, string>, path = '/api/invoices/?page_size=2'): Promise<unknown> =>
    (JSON.parse((await service.ask(path, { headers })).text) as { next: unknown }).next;
  for (let i = 0; i < 3; i++) {
    expect(await next({ Host: 'a.test' })).toBe('http://a.test/api/invoices/?page=2&page_size=2');
    expect(await next({ Host: 'b.test' })).toBe('http://b.test/api/invoices/?page=2&page_size=2');
    const secure = { Host: 'a.test', 'X-Forwarded-Proto': 'https' };
    expect(await next(secure)).toBe('https://a.test/api/invoices/?page=2&page_size=2');
    expect(await next({}, '/api/invoices/?page_size=2&x=1')).toBe(
      'http://api.test/api/invoices/?page=2&page_size=2&x=1',
    );
  }
});

it('HEAD has the headers of GET, its length too, and no body', async () => {
  const get = await service.ask(BUSINESS);
  const head = await service.ask(BUSINESS, { method: 'HEAD' });
  expect([head.status, head.bytes.length]).toEqual([200, 0]);
  expect(head.headers['content-length']).toBe(String(get.bytes.length));
  expect(head.headers['etag']).toBe(get.headers['etag']);
});

it('OPTIONS describes a path to those who are signed in', async () => {
  const answer = await service.ask('/api/invoices/', { method: 'OPTIONS' });
  expect(JSON.parse(answer.text)).toEqual({
    name: 'Invoice List',
    description: '',
    renders: ['application/json'],
    parses: ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'],
  });
  expect((await service.ask('/api/invoices/', { method: 'OPTIONS', as: null })).status).toBe(401);
});

describe('a known answer', () => {
  it('is not sent again', async () => {
    const { headers } = await service.ask(BUSINESS);
    const again = await service.ask(BUSINESS, { headers: { 'if-none-match': `"other", ${headers.etag ?? ''}` } });
    expect([again.status, again.bytes.length, again.headers.etag]).toEqual([304, 0, headers.etag]);
    expect(again.headers['content-length']).toBeUndefined();
  });
  it.each([BUSINESS, '/api/invoices/?page_size=2', '/api/customers/?page_size=1&search=nobody'])(
    'of %s is kept under the terms under which it was sent',
    async (path) => {
      const headers = { 'accept-encoding': 'br' };
      const sent = await service.ask(path, { headers });
      const again = await service.ask(path, { headers: { ...headers, 'if-none-match': sent.headers.etag ?? '' } });
      expect([again.status, again.headers['content-encoding']]).toEqual([304, undefined]);
      for (const name of ['vary', 'cache-control', 'etag']) expect(again.headers[name]).toBe(sent.headers[name]);
    },
  );
  it('with signed links is sent each time, as they end', async () => {
    const { status, text, headers } = await service.ask(SCANNED);
    expect([status, headers.etag]).toEqual([200, undefined]);
    expect(text).toContain('/api/media/');
    const again = await service.ask(SCANNED, { headers: { 'if-none-match': '*' } });
    expect([again.status, again.headers['cache-status']]).toEqual([200, expect.stringMatching(/hit/)]);
  });
  it('is sent when it is another one', async () =>
    expect((await service.ask(BUSINESS, { headers: { 'if-none-match': '"other"' } })).status).toBe(200));
  it("is nobody else's business", async () => {
    const { headers } = await service.ask(BUSINESS);
    const stranger = await service.ask(BUSINESS, { as: 'expired', headers: { 'if-none-match': headers.etag ?? '' } });
    expect(stranger.status).toBe(401);
  });
});

it('bodies are compressed as the caller likes', async () => {
  const plain = await service.ask('/api/invoices/?page_size=5');
  const br = await service.ask('/api/invoices/?page_size=5', { headers: { 'accept-encoding': 'gzip, br' } });
  const gz = await service.ask('/api/invoices/?page_size=5', { headers: { 'accept-encoding': 'gzip' } });
  expect([br.headers['content-encoding'], gz.headers['content-encoding']]).toEqual(['br', 'gzip']);
  expect(brotliDecompressSync(br.bytes).toString()).toBe(plain.text);
  expect(gunzipSync(gz.bytes).toString()).toBe(plain.text);
});

describe('a page of another origin', () => {
  const from = (origin: string) => ({ origin, 'access-control-request-method': 'GET' });
  it('may ask first, without a token', async () => {
    const asked = { method: 'OPTIONS', as: null, headers: from('http://books.example') };
    const { status, headers, text } = await service.ask(BUSINESS, asked);
    expect([status, text]).toEqual([200, '']);
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'http://books.example',
      'access-control-allow-methods': 'DELETE, GET, OPTIONS, PATCH, POST, PUT',
      'access-control-max-age': '86400',
    });
  });
  it('reads errors too', async () => {
    const answer = await service.ask(BUSINESS, { as: null, headers: { origin: 'http://books.example' } });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([401, 'http://books.example']);
  });
  it('that is foreign is answered without a word of it', async () => {
    const answer = await service.ask(BUSINESS, { headers: { origin: 'http://evil.example' } });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, undefined]);
  });
});

it('paging links name the host and scheme that were asked, on hits too', async () => {
  const next = async (headers: Record<string, string>) =>
    (JSON.parse((await service.ask('/api/invoices/?page_size=1', { headers })).text) as { next: string }).next;
  expect(await next({})).toBe('http://api.test/api/invoices/?page=2&page_size=1');
  expect(await next({ host: 'books.example:81' })).toBe('http://books.example:81/api/invoices/?page=2&page_size=1');
  expect(await next({ 'x-forwarded-proto': 'https' })).toBe('https://api.test/api/invoices/?page=2&page_size=1');
});

it('paging links spell the path plainly', async () => {
  const { next } = JSON.parse((await service.ask('/api/%69nvoices/?page_size=1')).text) as { next: string };
  expect(next).toBe('http://api.test/api/invoices/?page=2&page_size=1');
});

it('a host that is none is refused', async () =>
  expect((await service.ask('/api/invoices/?page_size=1', { headers: { host: 'a b' } })).status).toBe(400));

it.each([
  ['an endless address', `GET /api/?${'x'.repeat(20_000)} HTTP/1.1`, 431, 'Address and headers are too large.'],
  ['no request at all', 'no request', 400, 'The request cannot be read.'],
])('%s is answered in words of the contract, and ends its connection', async (_, line, status, detail) => {
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname).setEncoding('latin1');
  socket.write(`${line}\r\nHost: books.example\r\n\r\n`);
  const [head, body] = (await socket.toArray()).join('').split('\r\n\r\n');
  expect(head?.split('\r\n')[0]).toContain(` ${status} `);
  expect(head?.split('\r\n')).toContain('Connection: close');
  expect(body).toBe(JSON.stringify({ detail }));
});

it('the probe of the original is answered as it was', async () => {
  const answer = await service.ask('/healthz', { as: null });
  expect([answer.status, answer.text]).toEqual([200, '{"ok": true, "db": true}']);
});

it("probes and metrics are the framework's", async () => {
  expect((await service.ask('/live', { as: null })).status).toBe(200);
  expect((await service.ask('/ready', { as: null })).status).toBe(200);
  await service.ask('/api/strange/path/');
  const { text } = await service.ask('/metrics', { as: null });
  expect(text).toContain('cache_reads_total{view="business.get"');
  expect(text).toMatch(/http_responses_total\{path="\/api\/businesses\/:id\/",status="200"/);
  expect(text).toMatch(/http_responses_total\{path="unknown",status="404"/);
  expect(text).not.toContain('strange');
});

it('the document and its page are served without a token', async () => {
  const document = await service.ask('/openapi.json', { as: null });
  expect((JSON.parse(document.text) as { openapi: string }).openapi).toBe('3.1.0');
  expect((await service.ask('/docs', { as: null })).text).toContain('/openapi.json');
});

it('a path beside a probe is unknown', async () =>
  expect((await service.ask('/healthz/', { as: null })).text).toBe('{"detail":"Not found."}'));
