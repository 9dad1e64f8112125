import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { endWithUs } from './broker.js';

const NEVER_MS = 60_000;

/** One of our programs as a process of its own: what happens to processes can then happen to it. */
export class Child {
  output = '';
  private readonly process: ChildProcess;
  readonly exit: Promise<number | NodeJS.Signals>;

  constructor(entry: string, env: Readonly<Record<string, string>>) {
    const inherited = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' };
    this.process = spawn('node', ['tools/run.mjs', entry], {
      env: { ...inherited, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    endWithUs(this.process);
    const collect = (chunk: Buffer): void => void (this.output += chunk.toString());
    this.process.stdout?.on('data', collect);
    this.process.stderr?.on('data', collect);
    this.exit = new Promise((resolve) =>
      this.process.once('exit', (code, signal) => resolve(code ?? signal ?? 'SIGKILL')),
    );
  }

  /** Resolves when the text was printed. @throws when the process ended without it. */
  async says(text: string): Promise<void> {
    const ended = this.exit.then((how) => {
      throw new Error(`ended with ${how}:\n${this.output}`);
    });
    ended.catch(() => undefined);
    while (!this.output.includes(text)) {
      await Promise.race([new Promise((resolve) => this.process.stdout?.once('data', resolve)), ended]);
    }
  }

  /** How it ended. @throws when it never does */
  async ends(): Promise<number | NodeJS.Signals> {
    const never = new AbortController();
    const late = setTimeout(NEVER_MS, undefined, { signal: never.signal }).then(() => {
      throw new Error(`still there:\n${this.output}`);
    });
    late.catch(() => undefined);
    try {
      return await Promise.race([this.exit, late]);
    } finally {
      never.abort();
    }
  }

  signal(name: NodeJS.Signals): void {
    this.process.kill(name);
  }

  async end(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.exit;
  }
}
