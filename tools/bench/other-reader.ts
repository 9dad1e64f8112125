import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Samples } from './samples.js';

export const READER_COMMAND = 'other-reader';
const EVERY_MS = 1;
/** Connections and code are new at first. */
const PASSED_OVER = 20;
const KEY = 'bench:probe';
const SET = `*3\r\n$3\r\nSET\r\n$${KEY.length}\r\n${KEY}\r\n$1\r\nx\r\n`;
const GET = `*2\r\n$3\r\nGET\r\n$${KEY.length}\r\n${KEY}\r\n`;

/**
 * Another reader of Redis, as it feels what is done there: one GET of a small key after another, from a process that does nothing else, so
 * that the work of whoever measures is not taken for the server's.
 */
interface OtherReader {
  /** Resolves to how long each took, in ms. */
  readonly end: () => Promise<Samples>;
}

export async function startReader(port: number): Promise<OtherReader> {
  // The bundle that runs now knows the reader as a hidden command.
  const child = spawn(process.execPath, [process.argv[1] ?? '', READER_COMMAND, String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done === true) throw new Error('the other reader ended before its time');
    return line.value;
  };
  await next();
  return {
    end: async () => {
      child.stdin.end();
      const samples = new Samples();
      for (const ms of JSON.parse(await next()) as number[]) samples.add(ms);
      return samples;
    },
  };
}

/** Says that it reads, reads until its input ends, and says what it measured. */
export async function readAside(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  let going = true;
  process.stdin.on('end', () => (going = false)).resume();
  await asked(socket, SET);
  for (let i = 0; i < PASSED_OVER; i++) await asked(socket, GET);
  console.log('reading');
  const taken: number[] = [];
  while (going) {
    const sent = performance.now();
    await asked(socket, GET);
    taken.push(performance.now() - sent);
    await pause(EVERY_MS);
  }
  socket.destroy();
  console.log(JSON.stringify(taken));
}

function asked(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('data', () => {
      socket.off('error', reject);
      resolve();
    });
    socket.write(text);
  });
}
