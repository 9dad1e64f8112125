import { freeTurn, heartbeat, insert, sliceOf } from '../test/records.js';
import { invalidation, type Engine, type InvalidationEvent } from './invalidation.js';
import { type RecordSlice } from './log-record.js';

/** Writes down what is asked of it, in order. */
function diary(failing?: string): {
  told: string[];
  engine: Engine;
  events: InvalidationEvent[];
  run: (slice: RecordSlice) => Promise<void>;
} {
  const told: string[] = [];
  const events: InvalidationEvent[] = [];
  const step = async (name: string): Promise<void> => {
    told.push(name);
    if (name === failing) throw new Error(`${name} failed`);
  };
  const engine: Engine = {
    apply: async ({ changes, position }) => {
      await step(`apply ${changes.length} to ${position.offset}`);
      return { deleted: 2, tested: 3, watermarkMs: undefined };
    },
    abandon: (reason, { offset }) => step(`abandon up to ${offset}: ${reason}`),
    raiseEpoch: (reason) => step(`epoch: ${reason}`),
    rewind: ({ offset }) => step(`rewind to ${offset}`),
    take: async () => undefined,
    positionOf: async () => undefined,
    deleteTable: async () => 0,
  };
  const sendDeadLetters = (_slice: RecordSlice, poison: readonly unknown[]): Promise<void> =>
    step(`${poison.length} dead letters`);
  const apply = invalidation({ engine, sendDeadLetters, listen: (event) => events.push(event) });
  return { told, engine, events, run: (slice) => apply(slice, freeTurn) };
}

describe('invalidation', () => {
  test('a slice is applied up to its last offset', async () => {
    const { told, run } = diary();
    await run(sliceOf([insert('a', {}), null, heartbeat(1), null], 20));
    expect(told).toEqual(['apply 2 to 23']);
  });

  test('the copy of a poisoned record is safe before the position moves past it', async () => {
    const { told, run } = diary();
    await run(sliceOf([insert('a', {}), 'garbage'], 5));
    expect(told).toEqual([
      expect.stringMatching(/^abandon up to 6: unreadable record at offset 6/),
      '1 dead letters',
      'apply 1 to 6',
    ]);
  });

  test('after a break the epoch is raised before the position falls', async () => {
    const { told, run } = diary();
    await run({ ...sliceOf([heartbeat(1)], 40), discontinuity: { reason: 'recreated', startsOver: true } });
    expect(told).toEqual(['abandon up to 40: recreated', 'rewind to 39', 'apply 1 to 40']);
  });

  test('a step that fails keeps the later ones from happening, and nothing is told', async () => {
    const { told, events, run } = diary('1 dead letters');
    await expect(run(sliceOf(['garbage']))).rejects.toThrow('failed');
    expect(told).toHaveLength(2);
    expect(events).toEqual([]);
  });

  test('a snapshot that goes on over several slices costs the cache once, also when a slice is tried again', async () => {
    const read = '{"op":"r","after":{},"source":{"schema":"public","table":"a","ts_ms":1,"snapshot":"true"}}';
    const { told, run } = diary();
    for (const first of [1, 2, 3]) await run(sliceOf([read], first));
    expect(told.filter((line) => line.startsWith('abandon'))).toHaveLength(1);
    const broken = diary('apply 1 to 1');
    await expect(broken.run(sliceOf([read], 1))).rejects.toThrow();
    await expect(broken.run(sliceOf([read], 1))).rejects.toThrow();
    expect(broken.told.filter((line) => line.startsWith('abandon'))).toHaveLength(2);
  });

  test('each thing that happened is told once, with its figures', async () => {
    const { events, run } = diary();
    await run(sliceOf([insert('a', {}), 'garbage', null]));
    expect(events).toMatchObject([
      { kind: 'dead-letter', poison: { reason: expect.any(String) as string, table: 'unknown' } },
      { kind: 'applied', deleted: 2, tested: 3, ignored: 1 },
    ]);
  });
});
