import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { recordedTokens, RunningService } from '../testing/running-service.js';

const REPORT = '/api/reports/generate/';

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start(`read_api_posts_${process.pid}`);
}, 60_000);
afterAll(() => service.stop());

const post = (body: string, type: string) =>
  service.ask('/api/reports/generate/', { method: 'POST', body, headers: { 'content-type': type } });
it('refuses what is not JSON', async () => {
  expect((await post('{', 'application/json')).text).toContain('JSON parse error - ');
  const { status, text } = await post('x', 'text/plain');
  expect([status, text]).toEqual([415, '{"detail":"Unsupported media type \\"text/plain\\" in request."}']);
});
it('takes a form in parts', async () => {
  const part = (name: string, value: string) =>
    `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const form = `${part('start_date', '2024-04-01')}${part('end_date', '2024-05-31')}--b--\r\n`;
  const { status, headers } = await post(form, 'multipart/form-data; boundary=b');
  expect([status, headers['content-disposition']]).toEqual([
    200,
    `attachment; filename="invoices_April 2024 to May-2024.xlsx"; filename*=UTF-8''invoices_April 2024 to May-2024.xlsx`,
  ]);
});
it('refuses a body that is too large', async () =>
  expect((await post(`"${'x'.repeat(1024 * 1024)}"`, 'application/json')).status).toBe(413));

/** A POST whose body stops after its first byte. */
async function begun(): Promise<Socket> {
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const head = [
    `POST ${REPORT} HTTP/1.1`,
    'Host: api.test',
    `Authorization: ${recordedTokens.headers['viewer'] ?? ''}`,
    'Content-Type: application/json',
    'Content-Length: 100',
    'Expect: 100-continue',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  // The service is about to read the body.
  await once(socket, 'data');
  socket.write('{');
  return socket;
}

/** How often the report was answered, by status. */
async function answered(): Promise<Readonly<Record<string, string>>> {
  const { text } = await service.ask('/metrics', { as: null });
  const counts = text.matchAll(/http_responses_total\{path="\/api\/reports\/generate\/",status="(\d+)".*\} (\d+)/g);
  return Object.fromEntries(Array.from(counts, ([, status = '', count = '']) => [status, count]));
}

it('a client that goes away in the middle of its body is no fault of the service', async () => {
  const before = await answered();
  (await begun()).destroy();
  let after = before;
  while (JSON.stringify(after) === JSON.stringify(before)) after = await answered();
  expect(after).toEqual({ ...before, 400: String(Number(before['400'] ?? 0) + 1) });
});
