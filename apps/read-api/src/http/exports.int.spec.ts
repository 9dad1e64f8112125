import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { recordedTokens, RunningService } from '../testing/running-service.js';

const EXPORT = '/api/invoices/gstr_export/';
const FEW = `${EXPORT}?customer_id=1`;
/** More than all the buffers between the service and a client that reads nothing hold. */
const MANY = `
  INSERT INTO billing_invoice (id, created_at, updated_at, workspace_id, customer_id, business_id, invoice_number, total_amount,
    invoice_date, type_of_invoice, eway_bill_number, transporter_name, transporter_gstin, vehicle_number, vehicle_type, transport_mode)
  SELECT 100000 + n, '2024-05-01Z', '2024-05-01Z', 1, 2, 1, repeat('N', 200) || n, 0, '2024-05-01', 'inward', '', '', '', '', 'Regular', 'Road'
  FROM generate_series(1, 60000) n`;

let service: RunningService;
beforeAll(async () => {
  const variables = { EXPORT_HELD_ROWS: '50', DATABASE_POOL_SIZE: '1', DATABASE_CONNECT_TIMEOUT: '4s' };
  service = await RunningService.start(`read_api_exports_${process.pid}`, variables);
}, 60_000);
afterAll(() => service.stop());

/** The answer once its head is here; its body is left where it is. */
function begun(path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { Host: 'api.test', Authorization: recordedTokens.headers['viewer'] ?? '' };
    request(service.url, { path, headers, agent: false }, resolve).on('error', reject).end();
  });
}

async function begunInHttp10(path: string): Promise<Socket> {
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${path} HTTP/1.0\r\nHost: api.test\r\nAuthorization: ${recordedTokens.headers['viewer']}\r\n\r\n`);
  await once(socket, 'readable');
  return socket;
}

it('an answer within the bound is an answer like any other', async () => {
  const { headers, bytes } = await service.ask(FEW);
  expect(headers).toMatchObject({ 'content-length': String(bytes.length), etag: expect.any(String) as string });
});

it('a larger one is written as it is read, and says that it was not stored', async () => {
  const { status, headers, text } = await service.ask(EXPORT);
  expect([status, headers['cache-status'], headers['transfer-encoding'], headers['content-type']]).toEqual([
    200,
    'Freshet; fwd=miss; detail=streamed',
    'chunked',
    'application/json',
  ]);
  expect([headers.etag, headers['content-length']]).toEqual([undefined, undefined]);
  expect(Object.keys(JSON.parse(text) as object)).toEqual(['gstr1', 'gstr2b', 'gstr3b']);
});

it('it is counted as a miss that was streamed', async () => {
  await service.ask(EXPORT);
  const { text } = await service.ask('/metrics', { as: null });
  expect(text).toMatch(/cache_reads_total\{.*view="report\.gstr_export",outcome="miss",detail="streamed".*\} [1-9]/);
  expect(text).not.toMatch(/view="report\.gstr_export",outcome="error"/);
});

it('it is compressed on its way, and HEAD has its head alone', async () => {
  const { text, headers } = await service.ask(EXPORT);
  const [brotli, gzip] = [
    await service.ask(EXPORT, { headers: { 'Accept-Encoding': 'gzip, br' } }),
    await service.ask(EXPORT, { headers: { 'Accept-Encoding': 'gzip' } }),
  ];
  expect([brotli.headers['content-encoding'], gzip.headers['content-encoding']]).toEqual(['br', 'gzip']);
  expect([brotliDecompressSync(brotli.bytes).toString(), gunzipSync(gzip.bytes).toString()]).toEqual([text, text]);
  const head = await service.ask(EXPORT, { method: 'HEAD' });
  expect([head.status, head.bytes.length, head.headers.vary]).toEqual([200, 0, headers.vary]);
});

it('whoever may not see it gets none of it', async () => {
  expect((await service.ask(EXPORT, { as: null })).status).toBe(401);
});

describe('with more bills than fit between a service and its client', () => {
  beforeAll(() => service.write(MANY), 60_000);

  it('a client that goes away frees the only connection', async () => {
    const answer = await begun(EXPORT);
    const next = service.ask('/api/invoices/?page=3');
    answer.destroy();
    expect((await next).status).toBe(200);
  }, 30_000);

  // The test's own session never asked for more than its snapshot.
  const endSessions = (): Promise<unknown> =>
    service.write(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query NOT LIKE 'SELECT pg_current_snapshot%'
        AND application_name = 'freshet-read-api'`,
    );

  it('an answer that breaks in its middle does not look whole, and the service goes on', async () => {
    const answer = await begun(EXPORT);
    await endSessions();
    const ended = new Promise((resolve) => answer.on('error', resolve).on('end', resolve));
    answer.resume();
    await ended;
    expect(answer.complete).toBe(false);
    expect((await service.ask('/api/invoices/?page=4')).status).toBe(200);
  }, 30_000);

  it('nor to a client of HTTP/1.0, which takes the end of the connection for the end of the answer', async () => {
    const socket = await begunInHttp10(EXPORT);
    await endSessions();
    const ended = new Promise((resolve) => socket.on('error', resolve).on('end', () => resolve('in good order')));
    socket.resume();
    expect(await ended).toMatchObject({ code: 'ECONNRESET' });
  }, 30_000);
});
