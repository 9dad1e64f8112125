import { parseEnvironment } from './environment.js';
import { SpanReceiver } from './testing/index.js';
import { startTracing, traced, type Tracing } from './tracing.js';
import { tracingSection } from './tracing-section.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';

function config(variables: Record<string, string>) {
  const parsed = parseEnvironment({ tracing: tracingSection }, variables);
  if (!parsed.ok) throw new Error(parsed.lines.join());
  return parsed.environment.tracing;
}

describe('whether and where', () => {
  const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };
  test.each([
    [{}, undefined],
    [ENDPOINT, 'http://collector:4318/v1/traces'],
    [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://other/spans' }, 'http://other/spans'],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'http://localhost:4318/v1/traces'],
    [{ ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }, undefined],
    [{ ...ENDPOINT, OTEL_SDK_DISABLED: 'true' }, undefined],
  ])('%j sends to %p', (variables, receiver) => expect(config(variables).receiver).toBe(receiver));
});

test('nobody asked: not even the packages are loaded', async () => {
  await jest.isolateModulesAsync(async () => {
    const loaded = jest.fn(() => ({}));
    jest.doMock('@opentelemetry/api', loaded);
    const { startTracing: start } = await import('./tracing.js');
    expect(await start(config({}), 'test')).toBeUndefined();
    expect(loaded).not.toHaveBeenCalled();
    jest.dontMock('@opentelemetry/api');
  });
});

describe('spans', () => {
  let receiver: SpanReceiver;
  let tracing: Tracing;

  beforeEach(async () => {
    receiver = await SpanReceiver.start();
    const started = await startTracing(config({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }), 'test-service');
    if (started === undefined) throw new Error('tracing did not start');
    tracing = started;
  });
  afterEach(() => receiver.stop());

  async function sent(name: string) {
    await tracing.stop();
    const [span, ...more] = receiver.named(name);
    expect([name, more]).toEqual([name, []]);
    if (span === undefined) throw new Error(`no span ${name}`);
    return span;
  }

  test("a request continues its caller's trace, and what it does lies within", async () => {
    const headers = { traceparent: `00-${TRACE}-${CALLER}-01` };
    const store = traced({ size: 1, read: async (key: string) => `${key}!` }, 'store', tracing);
    const answer = await tracing.request('GET', headers, async () => {
      const value = await store.read('a');
      tracing.note({ 'test.size': store.size }, 'GET a');
      return value;
    });
    expect(answer).toBe('a!');
    const request = await sent('GET a');
    const lookup = await sent('store read');
    expect(request).toMatchObject({ traceId: TRACE, parentSpanId: CALLER, service: 'test-service' });
    expect(Number(request.facts['test.size'])).toBe(1);
    expect(lookup).toMatchObject({ traceId: TRACE, parentSpanId: request.spanId, failed: false });
  });

  test('requests side by side keep their spans apart', async () => {
    const ask = (name: string) =>
      tracing.request('GET', {}, async () => {
        await tracing.within(`part of ${name}`, {}, () => Promise.resolve());
        tracing.mark(`read ${name}`, {});
        tracing.note({}, name);
      });
    await Promise.all([ask('one'), ask('two')]);
    for (const name of ['one', 'two']) {
      const request = await sent(name);
      expect(request.events).toEqual([`read ${name}`]);
      expect((await sent(`part of ${name}`)).parentSpanId).toBe(request.spanId);
    }
  });

  test('what fails is told, and thrown on', async () => {
    const fault = new RangeError('secret words');
    const work = tracing.alone('slice', {}, () => tracing.within('store', {}, () => Promise.reject(fault)));
    await expect(work).rejects.toBe(fault);
    expect((await sent('slice')).failed).toBe(true);
    expect((await sent('store')).failed).toBe(true);
    expect(receiver.received).not.toContain('secret words');
  });

  test('outside of a span nothing is traced', async () => {
    expect(tracing.within('stray', {}, () => 1)).toBe(1);
    tracing.note({ a: 1 });
    await tracing.stop();
    expect(receiver.spans).toEqual([]);
  });
});
