import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GiveUp, until } from '../stack/until.js';

const READY_MS = 120_000;
const STOP_MS = 15_000;
const BUNDLE = 'dist/apps/read-api/main.js';

/** The service as it is shipped: built, and run in a process of its own. */
export class ReadApi {
  private constructor(
    readonly base: URL,
    private readonly child: ChildProcess,
  ) {}

  static async start(port: number, environment: Readonly<Record<string, string>>, dir: string): Promise<ReadApi> {
    const built = spawnSync(process.execPath, ['tools/app.mjs', 'read-api'], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (built.status !== 0) throw new Error('the read API could not be built');
    const logFile = join(dir, 'read-api.log');
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, ['--enable-source-maps', BUNDLE], {
      stdio: ['ignore', log, log],
      env: { PATH: process.env['PATH'] ?? '', ...environment, PORT: String(port) },
    });
    closeSync(log);
    const api = new ReadApi(new URL(`http://127.0.0.1:${port}`), child);
    await api.ready(logFile).catch(async (error: unknown) => {
      await api.stop();
      throw error;
    });
    return api;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    this.child.kill('SIGTERM');
    await ended;
    clearTimeout(timer);
  }

  private ready(logFile: string): Promise<unknown> {
    return until('the read API to be ready', READY_MS, async () => {
      if (this.child.exitCode !== null) throw new GiveUp(`the read API ended:\n${readFileSync(logFile, 'utf8')}`);
      return (await fetch(new URL('/ready', this.base))).ok;
    });
  }
}
