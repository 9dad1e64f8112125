import { spawn, type ChildProcess } from 'node:child_process';
import { Redis } from 'ioredis';
import { endWithUs, freePort } from './broker.js';

const HOST = '127.0.0.1';
const PROGRAM = 'redis-server';

/** A Redis of the test's own: it may be killed, frozen and emptied. */
export class RedisServer {
  private child: ChildProcess | undefined;

  private constructor(readonly port: number) {}

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort());
    await server.up();
    return server;
  }

  async up(): Promise<void> {
    const args = ['--port', String(this.port), '--bind', HOST, '--save', '', '--appendonly', 'no'];
    const child = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.child = child;
    endWithUs(child);
    await new Promise<void>((ready, failed) => {
      child.stdout.on('data', (chunk: Buffer) => chunk.includes('Ready to accept connections') && ready());
      child.once('exit', () => failed(new Error('redis-server ended')));
    });
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.child?.kill(name);
  }

  async down(): Promise<void> {
    const child = this.child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  connect(db: number): Redis {
    return new Redis({ host: HOST, port: this.port, db, protocol: 2, replyMapping: 'legacy' });
  }
}
