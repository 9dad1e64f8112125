import { type ChildProcess, spawn } from 'node:child_process';
import { endWithUs } from './broker.js';

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

  signal(name: NodeJS.Signals): void {
    this.process.kill(name);
  }

  async end(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.exit;
  }
}
