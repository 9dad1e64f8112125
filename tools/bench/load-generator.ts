import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CONNECTIONS = 50;
export const PACED_COMMAND = 'paced-load';
const PACED_WARM_UP_SECONDS = 1;

export interface LoadOptions {
  readonly url: string;
  readonly seconds: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Requests a second; as many as come back unless said. */
  readonly rate?: number;
  readonly connections?: number;
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers other than 2xx, and connections that broke. */
  readonly failures: number;
}

const wrk = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'wrk'))
  .find((file) => existsSync(file));

/** Which program sends the requests. */
export const generatorName = wrk === undefined ? 'autocannon 8.0.0' : 'wrk';

/**
 * Sends requests over kept-alive connections from a process of its own. A fixed rate is sent by our own generator: wrk has none, and
 * autocannon sends each second's share in one burst at full speed, so that latencies at half the peak would be those at the peak.
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const { rate } = options;
  if (rate !== undefined) return paced({ connections: CONNECTIONS, ...options, rate });
  return wrk === undefined ? autocannon(options) : runWrk(wrk, options);
}

async function paced(options: Required<LoadOptions>): Promise<LoadResult> {
  // The bundle that runs now knows the generator as a hidden command.
  const asked = JSON.stringify({ ...options, warmUpSeconds: PACED_WARM_UP_SECONDS });
  const { stdout } = await run(process.execPath, [process.argv[1] ?? '', PACED_COMMAND, asked]);
  return JSON.parse(stdout) as LoadResult;
}

interface AutocannonResult {
  readonly duration: number;
  readonly '2xx': number;
  readonly non2xx: number;
  readonly errors: number;
  readonly latency: { readonly p50: number; readonly p99: number };
}

async function autocannon({ url, seconds, headers, connections = CONNECTIONS }: LoadOptions): Promise<LoadResult> {
  const program = createRequire(process.cwd() + '/').resolve('autocannon');
  const args = [program, '-j', '-n', '-c', String(connections), '-d', String(seconds)];
  for (const [name, value] of Object.entries(headers)) args.push('-H', `${name}=${value}`);
  const { stdout } = await run(process.execPath, [...args, url], { maxBuffer: 2 ** 24 });
  const result = JSON.parse(stdout) as AutocannonResult;
  return {
    requestsPerSecond: result['2xx'] / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    failures: result.non2xx + result.errors,
  };
}

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000 };

async function runWrk(
  program: string,
  { url, seconds, headers, connections = CONNECTIONS }: LoadOptions,
): Promise<LoadResult> {
  const named = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const args = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--latency', ...named, url];
  const { stdout } = await run(program, args);
  const percentile = (share: string): number => {
    const [, value, unit = ''] = new RegExp(`^\\s+${share}%\\s+([\\d.]+)(us|ms|s)`, 'm').exec(stdout) ?? [];
    return Number(value) * (UNITS[unit] ?? NaN);
  };
  return {
    requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    p50Ms: percentile('50'),
    p99Ms: percentile('99'),
    failures: Number(/Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? 0),
  };
}
