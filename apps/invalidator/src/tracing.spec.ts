import { startTracing, type Tracing } from '@freshet/service-kit';
import { SpanReceiver } from '@freshet/service-kit/testing';
import { type ApplySlice, type RecordSlice, type Turn } from './log-record.js';
import { noteSlices, tracedChanges, tracedSlices } from './tracing.js';

const turn: Turn = { heartbeat: async () => undefined, over: () => false };
const record = { offset: '7', key: null, value: null, timestamp: '0' };
const slice: RecordSlice = { topic: 'changes', partition: 3, records: [record, record], highWatermark: '9' };

let receiver: SpanReceiver;
let tracing: Tracing;

beforeEach(async () => {
  receiver = await SpanReceiver.start();
  const started = await startTracing({ receiver: `${receiver.url}/v1/traces`, serviceName: undefined }, 'test');
  if (started === undefined) throw new Error('tracing did not start');
  tracing = started;
});
afterEach(() => receiver.stop());

test('a slice is one span, with what came of it and what it asked of the store', async () => {
  const changes = tracedChanges({ schemes: async () => new Map() } as never, tracing);
  const listen = noteSlices(tracing);
  const apply: ApplySlice = async (applied) => {
    listen({ kind: 'waiting', reason: 'store away', attempt: 1 });
    await changes.schemes();
    listen({
      kind: 'applied',
      slice: applied,
      deleted: 2,
      tested: 5,
      watermarkMs: undefined,
      changes: [],
      poison: [],
      ignored: 1,
    });
  };
  await tracedSlices(apply, tracing)(slice, turn);
  await tracing.stop();

  const [span, ...more] = receiver.named('apply slice');
  expect(more).toEqual([]);
  expect(span).toMatchObject({ parentSpanId: undefined, failed: false, events: ['waiting'] });
  expect(span?.facts).toMatchObject({
    'messaging.destination.name': 'changes',
    'messaging.destination.partition.id': '3',
  });
  const counts = ['messaging.batch.message_count', 'freshet.deleted', 'freshet.tested', 'freshet.ignored'];
  expect(counts.map((name) => Number(span?.facts[name]))).toEqual([2, 2, 5, 1]);
  expect(receiver.named('store schemes').map(({ parentSpanId }) => parentSpanId)).toEqual([span?.spanId]);
});

test('where nothing is traced nothing is wrapped', () => {
  const apply: ApplySlice = async () => undefined;
  expect(tracedSlices(apply, undefined)).toBe(apply);
});
