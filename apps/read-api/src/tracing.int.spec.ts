import { SpanReceiver } from '@freshet/service-kit/testing';
import { RunningService } from './testing/running-service.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${TRACE}-b7ad6b7169203331-01`;

let receiver: SpanReceiver;
let service: RunningService;

beforeEach(async () => {
  receiver = await SpanReceiver.start();
  const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
  service = await RunningService.start(`read_api_tracing_${process.pid}`, variables);
}, 60_000);
afterEach(() => receiver.stop());

test("a miss and a hit, told as the caller's trace", async () => {
  const path = '/api/customers/?search=Secret%20Name';
  for (let i = 0; i < 2; i += 1) await service.ask(path, { headers: { traceparent } });
  await service.ask('/api/nothing/');
  await service.stop();

  const [miss, hit] = receiver.named('GET customer.list');
  expect([miss?.facts['freshet.outcome'], hit?.facts['freshet.outcome']]).toEqual(['miss', 'hit']);
  expect([miss?.traceId, hit?.traceId]).toEqual([TRACE, TRACE]);
  expect(miss?.facts).toMatchObject({ 'url.path': '/api/customers/', 'http.request.method': 'GET' });
  expect(miss?.events).toEqual(['read', 'read']);
  expect(receiver.named('GET').map(({ facts }) => facts['url.path'])).toEqual(['/api/nothing/']);

  const partsOf = (span: typeof miss) =>
    receiver.spans.filter(({ parentSpanId }) => parentSpanId === span?.spanId).map(({ name }) => name);
  for (const step of ['store register', 'source open', 'customer.list.count', 'customer.list.page', 'store fill']) {
    expect(partsOf(miss)).toContain(step);
  }
  expect(partsOf(hit).filter((name) => name !== 'store lookup')).toEqual([]);
  const [page] = receiver.named('customer.list.page');
  expect(page?.facts['db.query.text']).toMatch(/^SELECT c\.id FROM billing_customer c/);
  expect(receiver.received).not.toMatch(/secret.?name/i);
});
