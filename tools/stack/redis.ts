import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Part } from './part.js';

const ANSWER_MS = 1000;

export interface RedisOptions {
  readonly dir: string;
  readonly port: number;
  readonly program: string;
}

/**
 * Keeps nothing on disk: a Redis that starts empty is a cold cache, one that starts from an old file is a wrong one. `volatile-lru`
 * evicts entries and never the index, which carries no expiry.
 */
export function redisPart({ dir, port, program }: RedisOptions): Part {
  const home = join(dir, 'redis');
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: home,
    save: '',
    appendonly: 'no',
    maxmemory: '1gb',
    'maxmemory-policy': 'volatile-lru',
    'set-proc-title': 'no', // the title would hide the folder by which we know our process
  };
  return {
    name: 'redis',
    port,
    home,
    stopSignal: 'SIGTERM',
    command: { file: program, args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]) },
    prepare: async () => void (await mkdir(home, { recursive: true })),
    ready: () => answersPing(port),
  };
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: ANSWER_MS }, () => socket.write('PING\r\n'));
    const settle = (answer: boolean) => {
      resolve(answer);
      socket.destroy();
    };
    socket.once('data', (data) => settle(data.toString().startsWith('+PONG')));
    socket.once('timeout', () => settle(false));
    socket.once('error', () => settle(false));
  });
}
