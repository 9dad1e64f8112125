import { EventEmitter } from 'node:events';
import { createLogger } from './logger.js';
import { shutdownOnSignal } from './shutdown.js';

class FakeProcess extends EventEmitter {
  exited: (code: number) => void = () => undefined;
  readonly code = new Promise<number>((resolve) => (this.exited = resolve));
  exit(code: number): void {
    this.exited(code);
  }
}

const logger = createLogger({ service: 'test', level: 'silent' });

describe('shutdownOnSignal', () => {
  test('the steps run in order, then the process exits 0', async () => {
    const process = new FakeProcess();
    const ran: string[] = [];
    const step = (name: string) => () => Promise.resolve(ran.push(name));
    shutdownOnSignal(process, { logger, steps: [step('consumer'), step('store')], deadlineMs: 1000 });
    process.emit('SIGTERM', 'SIGTERM');
    expect(await process.code).toBe(0);
    expect(ran).toEqual(['consumer', 'store']);
  });

  test('a failing step does not keep the next from running, and the exit code tells', async () => {
    const process = new FakeProcess();
    const ran: string[] = [];
    const steps = [() => Promise.reject(new Error('stuck')), () => ran.push('store')];
    shutdownOnSignal(process, { logger, steps, deadlineMs: 1000 });
    process.emit('SIGINT', 'SIGINT');
    expect(await process.code).toBe(1);
    expect(ran).toEqual(['store']);
  });

  test('a second signal ends a drain that hangs', async () => {
    const process = new FakeProcess();
    shutdownOnSignal(process, { logger, steps: [() => new Promise(() => undefined)], deadlineMs: 600_000 });
    process.emit('SIGTERM', 'SIGTERM');
    process.emit('SIGTERM', 'SIGTERM');
    expect(await process.code).toBe(1);
  });

  test('a drain past its deadline is cut short', async () => {
    jest.useFakeTimers();
    const process = new FakeProcess();
    shutdownOnSignal(process, { logger, steps: [() => new Promise(() => undefined)], deadlineMs: 1000 });
    process.emit('SIGTERM', 'SIGTERM');
    jest.advanceTimersByTime(1000);
    expect(await process.code).toBe(1);
    jest.useRealTimers();
  });
});
