import { Health } from './health.js';

describe('Health', () => {
  test('what is told of the process stands beside the checks and changes nothing about them', async () => {
    const health = new Health();
    health.tell('role', () => 'standby');
    expect(await health.readiness()).toEqual({ ready: true, checks: {}, facts: { role: 'standby' } });
  });

  test('a process without checks is ready', async () => {
    expect(await new Health().readiness()).toEqual({ ready: true, checks: {} });
  });

  test('one failing check makes the service not ready and gives its reason', async () => {
    const health = new Health();
    health.register('redis', () => 'connection refused');
    health.register('kafka', () => undefined);
    expect(await health.readiness()).toEqual({ ready: false, checks: { redis: 'connection refused', kafka: 'ok' } });
  });

  test('a check that throws has failed for the reason it threw', async () => {
    const health = new Health();
    health.register('redis', () => Promise.reject(new Error('closed')));
    expect((await health.readiness()).checks).toEqual({ redis: 'closed' });
  });

  test('a check that hangs has failed', async () => {
    jest.useFakeTimers();
    const health = new Health();
    health.register('redis', () => new Promise(() => undefined));
    const readiness = health.readiness();
    await jest.advanceTimersByTimeAsync(1000);
    expect((await readiness).checks).toEqual({ redis: 'no answer in 1000 ms' });
    jest.useRealTimers();
  });

  test('a draining service is not ready, however well its checks are', async () => {
    const health = new Health();
    health.register('redis', () => undefined);
    health.drain();
    expect((await health.readiness()).ready).toBe(false);
  });
});
