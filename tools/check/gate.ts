import { spawn } from 'node:child_process';

/** What one gate found: how many of its checks passed and failed, and what to read when something did. */
export interface GateResult {
  readonly passed: number;
  readonly failed: number;
  readonly report?: string;
}

export interface Gate {
  readonly name: string;
  run(): Promise<GateResult>;
}

export interface Finished {
  readonly status: number;
  readonly output: string;
}

/** Runs a program to its end and keeps what it printed. */
export function runProgram(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd?: string,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status: status ?? 1, output: Buffer.concat(chunks).toString() }));
  });
}

/** A program that says all by its exit status: one check. */
export function programGate(name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Gate {
  return {
    name,
    async run() {
      const { status, output } = await runProgram(command, args, env);
      return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1, report: output };
    },
  };
}
