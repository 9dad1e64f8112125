import { connect, type Socket } from 'node:net';
import { type LoadOptions, type LoadResult } from './load-generator.js';
import { nowMs } from './process-figures.js';
import { Samples } from './samples.js';

const TICK_MS = 1;

export interface PacedOptions extends Required<LoadOptions> {
  /**
   * How long requests are sent before they are measured. This process compiles its own code meanwhile, and what it is late with then would
   * be told of the service: a tenth of a second is one in twenty of the samples of two seconds.
   */
  readonly warmUpSeconds: number;
}

/**
 * Sends requests at an even pace, whatever comes back: a slow answer delays no other request. The time of an answer counts from the
 * moment its request was due, so that what waits for a free connection, or for this process, is not left out.
 */
export async function pacedLoad({
  url,
  headers,
  rate,
  seconds,
  connections,
  warmUpSeconds,
}: PacedOptions): Promise<LoadResult> {
  const target = new URL(url);
  const text = requestText(target, headers);
  const samples = new Samples();
  let failures = 0;
  let measuredFromMs = Infinity;
  const due: number[] = [];
  const free: Line[] = [];
  const next = (line: Line): void => {
    const dueMs = due.shift();
    if (dueMs === undefined) return void free.push(line);
    line.send(text, (status) => {
      if (dueMs >= measuredFromMs) samples.add(nowMs() - dueMs);
      if (status !== 200) failures += 1;
      // A connection that broke answers nothing more.
      if (status !== 0) next(line);
    });
  };
  free.push(...(await Promise.all(Array.from({ length: connections }, () => Line.open(target)))));
  const lines = [...free];
  const beganMs = nowMs();
  measuredFromMs = beganMs + warmUpSeconds * 1000;
  const requests = rate * (warmUpSeconds + seconds);
  for (let sent = 0; sent < requests;) {
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    for (const now = nowMs(); sent < requests && beganMs + (sent * 1000) / rate <= now; sent++) {
      due.push(beganMs + (sent * 1000) / rate);
      const line = free.pop();
      if (line !== undefined) next(line);
    }
  }
  await Promise.all(lines.map((line) => line.idle()));
  for (const line of lines) line.close();
  const requestsPerSecond = (samples.count * 1000) / (nowMs() - measuredFromMs);
  return { requestsPerSecond, p50Ms: samples.p50, p99Ms: samples.p99, failures: failures + due.length };
}

function requestText({ host, pathname, search }: URL, headers: Readonly<Record<string, string>>): string {
  const named = Object.entries({ Host: host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${pathname}${search} HTTP/1.1\r\n${named.join('')}\r\n`;
}

/** One kept-alive connection, with one request on its way at most. Answers must say how long they are. */
class Line {
  private answered: ((status: number) => void) | undefined;
  private head = '';
  private bytesLeft = 0;
  private status = 0;
  private emptied: () => void = () => undefined;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (data: Buffer) => this.take(data));
    socket.on('error', () => undefined);
    socket.on('close', () => this.done(0));
  }

  static open({ hostname, port }: URL): Promise<Line> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => resolve(new Line(socket))).once('error', reject);
      socket.setNoDelay(true);
    });
  }

  send(text: string, answered: (status: number) => void): void {
    this.answered = answered;
    this.socket.write(text);
  }

  /** Resolves when no request is on its way any more. */
  async idle(): Promise<void> {
    while (this.answered !== undefined) await new Promise<void>((resolve) => (this.emptied = resolve));
  }

  close(): void {
    this.socket.destroy();
  }

  private take(data: Buffer): void {
    let { length } = data;
    if (this.bytesLeft === 0) {
      this.head += data.toString('latin1');
      const end = this.head.indexOf('\r\n\r\n');
      if (end === -1) return;
      this.status = Number(this.head.slice(9, 12));
      this.bytesLeft = Number(/\r\ncontent-length: (\d+)/i.exec(this.head.slice(0, end))?.[1] ?? 0);
      length = this.head.length - end - 4;
      this.head = '';
    }
    this.bytesLeft -= length;
    if (this.bytesLeft <= 0) this.done(this.status);
  }

  private done(status: number): void {
    const { answered } = this;
    this.bytesLeft = 0;
    this.answered = undefined;
    answered?.(status);
    this.emptied();
  }
}
