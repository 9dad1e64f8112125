import { StandInConsumer } from '../../test/stand-in-consumer.js';
import { LogConsumer, type LogConsumerOptions } from './log-consumer.js';

function consume(clients: StandInConsumer[], more: Partial<LogConsumerOptions> = {}) {
  const states: string[] = [];
  const pauses: number[] = [];
  const made = [...clients];
  const consumer = new LogConsumer({
    createConsumer: () => (made.shift() as StandInConsumer).asConsumer,
    topics: ['changes'],
    eachBatch: async () => undefined,
    onAssigned: () => undefined,
    onSignOfLife: () => undefined,
    onState: (state) => states.push(state.kind === 'waiting' ? `waiting: ${state.reason}` : state.kind),
    isFatal: () => false,
    pauseMs: (attempt) => attempt * 100,
    pause: async (ms) => void pauses.push(ms),
    nowMs: () => 7000,
    ...more,
  });
  return { consumer, states, pauses };
}

describe('LogConsumer', () => {
  test('offsets are committed by nobody but us', async () => {
    const client = new StandInConsumer();
    const { consumer } = consume([client]);
    const run = consumer.run();
    await client.running;
    expect(client.config).toMatchObject({ autoCommit: false, eachBatchAutoResolve: false });
    await consumer.stop();
    await run;
  });

  test('after a crash a new client takes over, and the reason is told', async () => {
    const [first, second] = [new StandInConsumer(), new StandInConsumer()];
    const { consumer, states, pauses } = consume([first, second]);
    const run = consumer.run();
    await first.running;
    first.crash(new Error('broker gone'));
    await second.running;
    expect(states).toEqual(['running', 'waiting: broker gone', 'running']);
    expect(pauses).toEqual([100]);
    expect(first.calls.at(-1)).toBe('disconnect');
    await consumer.stop();
    await run;
    expect(states.at(-1)).toBe('stopped');
  });

  test('a broker that refuses is asked again, less and less often, until it lets us in', async () => {
    const refused = (): StandInConsumer => new StandInConsumer(new Error('refused'));
    const last = new StandInConsumer();
    const { consumer, pauses } = consume([refused(), refused(), refused(), last]);
    const run = consumer.run();
    await last.running;
    expect(pauses).toEqual([100, 200, 300]);
    await consumer.stop();
    await run;
  });

  test.each([
    ['refuses is a sign of life', new Error('connect ECONNREFUSED'), 1],
    ['does not answer is none', new Error('Request Metadata timed out', { cause: new Error('Connection timeout') }), 0],
  ])('a broker that %s', async (_what, error, signs) => {
    let heard = 0;
    const last = new StandInConsumer();
    const { consumer } = consume([new StandInConsumer(error), last], { onSignOfLife: () => (heard += 1) });
    const run = consumer.run();
    await last.running;
    expect(heard).toBe(signs);
    await consumer.stop();
    await run;
  });

  test('an error that waiting cannot mend ends the run with it', async () => {
    const { consumer } = consume([new StandInConsumer(new Error('bad password'))], { isFatal: () => true });
    await expect(consumer.run()).rejects.toThrow('bad password');
  });

  test('a pause stands over a reconnection', async () => {
    const [first, second] = [new StandInConsumer(), new StandInConsumer()];
    const { consumer, states } = consume([first, second]);
    const run = consumer.run();
    await first.running;
    consumer.pauseFetching();
    expect(consumer.halted).toBe(true);
    first.crash(new Error('x'));
    await second.running;
    expect(second.calls).toContain('pause');
    expect(states.at(-1)).toBe('paused');
    consumer.resumeFetching();
    expect(second.calls.at(-1)).toBe('resume');
    expect(consumer.halted).toBe(false);
    await consumer.stop();
    await run;
  });

  test('without a partition it is a standby, with them it is active since then, and crashes do not change that', async () => {
    const [first, second] = [new StandInConsumer(), new StandInConsumer()];
    const since: (() => number | undefined)[] = [];
    const made = [first, second];
    const { consumer, states } = consume([], {
      createConsumer: (activeSince) => {
        since.push(activeSince);
        return (made.shift() as StandInConsumer).asConsumer;
      },
    });
    const run = consumer.run();
    await first.running;
    first.join({});
    expect([states.at(-1), since[0]?.()]).toEqual(['standby', undefined]);
    first.join({ changes: [1, 0] });
    expect([states.at(-1), since[0]?.()]).toEqual(['running', 7000]);
    first.crash(new Error('x'));
    await second.running;
    expect(since[1]?.()).toBe(7000);
    await consumer.stop();
    await run;
  });

  test('a new deal of partitions makes the runner forget what it knew', async () => {
    const assigned: unknown[] = [];
    const client = new StandInConsumer();
    const { consumer } = consume([client], { onAssigned: (streams) => assigned.push(streams) });
    const run = consumer.run();
    await client.running;
    client.join({ b: [0], a: [1, 0] });
    expect(assigned.at(-1)).toEqual([
      { topic: 'a', partition: 0 },
      { topic: 'a', partition: 1 },
      { topic: 'b', partition: 0 },
    ]);
    await consumer.stop();
    await run;
  });
});
