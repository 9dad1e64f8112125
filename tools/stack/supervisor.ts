import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Part } from './part.js';
import { gone, isRunning, processTree, signal, startDetached } from './process.js';
import { GiveUp, until } from './until.js';

const READY_MS = 180_000;
const STOP_MS = 60_000;
const KILL_MS = 10_000;
const LOG_TAIL_LINES = 15;

/** What is written down about a process: enough to find it, to know it again and to end it properly. */
interface Run {
  readonly pid: number;
  readonly mark: string;
  readonly stopSignal: NodeJS.Signals;
}

/** Looks after the processes of the stack in one folder, across the lives of the commands that start and stop them. */
export class Supervisor {
  constructor(private readonly dir: string) {}

  /** The process id while the part runs. */
  pid(name: string): number | undefined {
    return this.run(name)?.pid;
  }

  /** Starts the part unless it runs, and waits until it answers. Returns whether it had to be started. */
  async start(part: Part): Promise<boolean> {
    const started = this.run(part.name) === undefined;
    if (started) await this.launch(part);
    await until(`${part.name} to answer on port ${part.port}`, READY_MS, async () => {
      if (this.run(part.name) === undefined) throw new GiveUp(this.endedText(part.name));
      return part.ready();
    });
    return started;
  }

  /** Asks the part to end; kills it when it does not. */
  async stop(name: string): Promise<void> {
    const run = this.run(name);
    if (run !== undefined) {
      const tree = processTree(run.pid);
      signal(tree, 'SIGCONT');
      signal([run.pid], run.stopSignal);
      await gone(tree, STOP_MS).catch(() => this.kill(name));
    }
    rmSync(this.runFile(name), { force: true });
  }

  /** SIGKILL to the part and everything it started, as when the machine loses power. */
  async kill(name: string): Promise<void> {
    const run = this.run(name);
    if (run === undefined) return;
    const tree = processTree(run.pid);
    signal(tree, 'SIGKILL');
    await gone(tree, KILL_MS);
  }

  /** A signal to the part and all its processes. */
  signal(name: string, signalName: NodeJS.Signals): void {
    const run = this.run(name);
    if (run === undefined) throw new Error(`${name} does not run`);
    signal(processTree(run.pid), signalName);
  }

  /** Says who is in the way before the part does so in its own words somewhere in its log. */
  async portIsFree({ name, port }: Part): Promise<void> {
    if (this.run(name) !== undefined || (await isFree(port))) return;
    throw new Error(`port ${port} for ${name} is taken; choose others with FRESHET_STACK_PORTS_FROM`);
  }

  private async launch(part: Part): Promise<void> {
    await this.portIsFree(part);
    await part.prepare();
    mkdirSync(join(this.dir, 'log'), { recursive: true });
    const pid = startDetached(part.command, this.logFile(part.name));
    const run: Run = { pid, mark: part.home, stopSignal: part.stopSignal };
    writeFileSync(this.runFile(part.name), JSON.stringify(run));
    // Between fork and exec the child still carries our own command line.
    await until(`${part.name} to run its program`, KILL_MS, async () => {
      if (isRunning(pid, '')) return isRunning(pid, part.home);
      throw new GiveUp(this.endedText(part.name));
    });
  }

  private run(name: string): Run | undefined {
    const text = readOrEmpty(this.runFile(name));
    if (text === '') return undefined;
    const run = JSON.parse(text) as Run;
    return isRunning(run.pid, run.mark) ? run : undefined;
  }

  private endedText(name: string): string {
    const tail = readOrEmpty(this.logFile(name)).trimEnd().split('\n').slice(-LOG_TAIL_LINES);
    return [`${name} ended before it was ready. The end of ${this.logFile(name)}:`, ...tail].join('\n  ');
  }

  private runFile(name: string): string {
    return join(this.dir, `${name}.run.json`);
  }

  private logFile(name: string): string {
    return join(this.dir, 'log', `${name}.log`);
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
