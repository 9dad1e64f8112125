import { setTimeout as pause } from 'node:timers/promises';
import { memory, nowMs } from '../process-figures.js';
import { Scene } from '../scene.js';
import { type BenchOptions, type Report, type Suite } from '../suite.js';

const READS_A_SECOND = 200;
const WRITES_A_SECOND = 20;
const INVOICES = 400;
const SAMPLE_EVERY_MS = 1000;
/** Growth of a process beyond this, from the middle third of the run to the last, is not noise of its heap. */
const FLAT = 1.1;

interface Watched {
  readonly name: string;
  readonly pid: number;
  readonly samples: number[];
}

/** P10: memory under an even load of reads and writes, for as long as is asked for. */
export const soak: Suite = {
  name: 'soak',
  summary: 'reads and writes for --minutes: memory of every process, answers that failed',
  run: (options) => Scene.play(options, (scene) => measure(scene, options)),
};

async function measure(scene: Scene, { minutes, log }: BenchOptions): Promise<Report> {
  const watched: Watched[] = [
    { name: 'read API', pid: scene.readApi.pid ?? 0, samples: [] },
    { name: 'invalidator', pid: scene.invalidator.pid ?? 0, samples: [] },
    { name: 'Redis', pid: scene.stack.pid('redis') ?? 0, samples: [] },
  ];
  const sampler = setInterval(
    () => watched.forEach(({ pid, samples }) => samples.push(memory(pid).nowMiB)),
    SAMPLE_EVERY_MS,
  );
  const until = nowMs() + minutes * 60_000;
  log(`until ${new Date(until).toISOString()}`);
  const outcomes = new Map<string, number>();
  const count = (outcome: string): unknown => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  let written = Promise.resolve();
  try {
    await Promise.all([
      paced(until, READS_A_SECOND, async (i) => {
        count(await read(scene, i % 10 === 0 ? '?page_size=15' : `${1 + ((i * 7) % INVOICES)}/`));
      }),
      paced(until, WRITES_A_SECOND, (i) => {
        // One connection takes one statement at a time.
        written = written.then(() => write(scene, 1 + ((i * 13) % INVOICES)));
        return written;
      }),
    ]);
  } finally {
    clearInterval(sampler);
  }
  return report(watched, outcomes, minutes);
}

/** What came of it. A connection that breaks is an outcome too, not the end of an hour. */
async function read(scene: Scene, place: string): Promise<string> {
  try {
    const { status, cache } = await scene.get(`/api/invoices/${place}`);
    return status === 200 ? (cache.split(';')[0] ?? '') : `status ${status}`;
  } catch (error) {
    return `broken: ${(error as NodeJS.ErrnoException).code ?? String(error)}`;
  }
}

async function write({ writer }: Scene, id: number): Promise<void> {
  await writer.query('UPDATE billing_invoice SET total_amount = total_amount + 1 WHERE id = $1', [id]);
}

/** Keeps the pace without waiting for answers, and waits for all of them in the end. */
async function paced(untilMs: number, aSecond: number, work: (i: number) => Promise<void>): Promise<void> {
  const open = new Set<Promise<void>>();
  const began = nowMs();
  for (let i = 0; nowMs() < untilMs; i++) {
    const one = work(i).finally(() => open.delete(one));
    open.add(one);
    await pause(Math.max(0, began + ((i + 1) * 1000) / aSecond - nowMs()));
  }
  await Promise.all(open);
}

function report(watched: readonly Watched[], outcomes: ReadonlyMap<string, number>, minutes: number): Report {
  const growth = watched.map(({ samples }) => {
    const third = Math.floor(samples.length / 3);
    return mean(samples.slice(-third)) / mean(samples.slice(third, 2 * third));
  });
  const worst = Math.max(...growth);
  return {
    tables: [
      {
        title: `Memory over ${minutes} min of ${READS_A_SECOND} reads and ${WRITES_A_SECOND} writes a second, MiB`,
        columns: ['process', 'at first', 'middle third', 'last third', 'ratio of the two', 'most'],
        rows: watched.map(({ name, samples }, i) => {
          const third = Math.floor(samples.length / 3);
          return [
            name,
            samples[0] ?? NaN,
            mean(samples.slice(third, 2 * third)),
            mean(samples.slice(-third)),
            growth[i] ?? NaN,
            Math.max(...samples),
          ];
        }),
      },
      { title: 'Reads', columns: ['outcome', 'answers'], rows: [...outcomes].sort(([, a], [, b]) => b - a) },
    ],
    verdicts: [
      {
        id: 'P10',
        target: `memory of each process flat (≤ ${FLAT} ×) over an hour`,
        measured: `${worst.toFixed(2)} × over ${minutes} min`,
        met: worst <= FLAT && minutes >= 60,
      },
    ],
    notes: minutes < 60 ? ['Run with --minutes 60 for the target itself.'] : [],
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
