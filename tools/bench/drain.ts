import { controlKeys, tableName, tagPattern } from '@freshet/cache-keys';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../stack/until.js';
import { BY_ID, entriesById, registrarFor } from './bench-entries.js';
import { endOffset } from './peers/topic-end.js';
import { cpuMs, nowMs } from './process-figures.js';
import { type Scene } from './scene.js';

const VIEW = 'bench.drain';
export const PATIENCE_MS = 600_000;

export interface Drained {
  readonly name: string;
  readonly debezium: number;
  readonly invalidator: number;
  readonly cpuMicros: number;
  readonly left: number;
}

interface DrainOptions {
  readonly name: string;
  readonly rows: number;
  /** So many entries are registered, each for a row; as many as there are rows unless said. */
  readonly entries?: number;
  /** The first id that an entry is registered for: those of rows that change, or of none. */
  readonly from: number;
  readonly log: (line: string) => void;
}

/** Fills the topic while the invalidator is stopped, then times how it is drained. */
export async function drain(scene: Scene, { name, rows, entries = rows, from, log }: DrainOptions): Promise<Drained> {
  log(`${name}: ${entries} entries`);
  const { registrar, snapshot, end } = await registrarFor(scene);
  await registrar.registerAll(
    entriesById(VIEW, from, entries, BY_ID),
    { snapshot, body: Buffer.from('a body') },
    (count) => log(`${count} registered`),
  );
  end();
  await scene.applied();
  await scene.invalidator.stop();
  log('Debezium fills the topic');
  const debezium = await fillTopic(scene, rows);
  log('the invalidator drains it');
  const { seconds, cpuMicros } = await drainTopic(scene, rows);
  await scene.applied();
  const left = await countKeys(scene, `e:${VIEW}@*`);
  await removeAll(scene, `e:${VIEW}@*`);
  // The listings of what is gone would stay until the reaper comes by.
  await removeAll(scene, tagPattern(tableName('public', 'bench_row')));
  return { name, debezium, invalidator: rows / seconds, cpuMicros, left };
}

/** Resolves to the rows a second from the commit to the last record in the topic. */
async function fillTopic(scene: Scene, rows: number): Promise<number> {
  const { kafkaBroker, topic } = scene.stack;
  const before = await endOffset(kafkaBroker, topic);
  await scene.writer.query('UPDATE bench_row SET amount = amount + 1 WHERE id <= $1', [rows]);
  const began = nowMs();
  await until(
    'Debezium to write all rows',
    PATIENCE_MS,
    async () => (await endOffset(kafkaBroker, topic)) >= before + rows,
  );
  return (rows * 1000) / (nowMs() - began);
}

async function drainTopic(scene: Scene, rows: number): Promise<{ seconds: number; cpuMicros: number }> {
  const { kafkaBroker, topic } = scene.stack;
  const last = (await endOffset(kafkaBroker, topic)) - 1;
  const position = async (): Promise<number> =>
    Number(await scene.redis.hget(controlKeys.control, `offset:${topic}/0`));
  const first = await position();
  await scene.invalidator.start({}, '/live');
  const pid = scene.invalidator.pid ?? 0;
  // Its own start-up and joining of the group are not what is measured.
  await until('the first record', PATIENCE_MS, async () => (await position()) > first);
  const began = { atMs: nowMs(), offset: await position(), cpu: cpuMs(pid) };
  while ((await position()) < last) await pause(5);
  const done = Math.max(1, last - began.offset);
  const seconds = ((nowMs() - began.atMs) / 1000) * (rows / done);
  return { seconds, cpuMicros: ((cpuMs(pid) - began.cpu) * 1000) / done };
}

async function removeAll(scene: Scene, pattern: string): Promise<void> {
  for await (const keys of scene.redis.scanStream({ match: pattern, count: 1000 }) as AsyncIterable<string[]>) {
    if (keys.length > 0) await scene.redis.unlink(...keys);
  }
}

export async function countKeys(scene: Scene, pattern: string): Promise<number> {
  const keys = new Set<string>();
  for await (const page of scene.redis.scanStream({ match: pattern, count: 1000 }) as AsyncIterable<string[]>) {
    page.forEach((key) => keys.add(key));
  }
  return keys.size;
}
