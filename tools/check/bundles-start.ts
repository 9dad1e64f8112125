import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Gate, type GateResult } from './gate.js';

const APPS = [
  { name: 'read-api', port: 21_440 },
  { name: 'invalidator', port: 21_441 },
] as const;
const STARTS_WITHIN_MS = 30_000;

/**
 * Each bundle runs by itself: decorator metadata and text files came along. None of the servers it needs is there, so it must be alive
 * and say that it is not ready.
 */
export const bundlesStart: Gate = {
  name: 'bundles start',
  async run() {
    const results = await Promise.all(APPS.map(({ name, port }) => startOnce(name, port)));
    const failed = results.filter((trouble) => trouble !== undefined);
    const result: GateResult = { passed: results.length - failed.length, failed: failed.length };
    return failed.length > 0 ? { ...result, report: failed.join('\n') } : result;
  },
};

/** What went wrong, if anything. */
async function startOnce(name: string, port: number): Promise<string | undefined> {
  const nowhere = '127.0.0.1:1';
  const child = spawn(process.execPath, [`dist/apps/${name}/main.js`], {
    env: {
      ...process.env,
      NODE_ENV: 'development',
      PORT: String(port),
      ADMIN_TOKEN: 'check',
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: '1',
      KAFKA_BROKERS: nowhere,
      DATABASE_URL: `postgres://reader@${nowhere}/none`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit');
  const alive = await answers(`http://127.0.0.1:${port}/live`, child);
  const ready = alive ? await fetch(`http://127.0.0.1:${port}/ready`).then((response) => response.status) : 0;
  child.kill('SIGTERM');
  await exited;
  return alive && ready === 503 ? undefined : `${name}: alive ${alive}, /ready ${ready}\n${output}`;
}

async function answers(url: string, child: { exitCode: number | null }): Promise<boolean> {
  for (const deadline = Date.now() + STARTS_WITHIN_MS; Date.now() < deadline && child.exitCode === null;) {
    const status = await fetch(url).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
