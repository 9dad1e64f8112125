import { controlKeys } from '@freshet/cache-keys';
import { loadParser } from '@freshet/footprint';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../stack/until.js';
import { BY_ID, entriesById, registrarFor } from '../bench-entries.js';
import { FILL_BENCH_TABLE } from '../bench-rows.js';
import { startReader } from '../other-reader.js';
import { endOffset } from '../peers/topic-end.js';
import { cpuMs, nowMs } from '../process-figures.js';
import { spread } from '../samples.js';
import { Scene } from '../scene.js';
import { longestCommand, noteSlowCommands } from '../slow-commands.js';
import { type BenchOptions, type Report, type Suite, type Table, type Verdict } from '../suite.js';

const ROWS = 40_000;
const ENTRIES = 100_000;
const IDLE_MS = 3000;
const PATIENCE_MS = 600_000;
const SLOW_MS = 5;

/** P4 and P5: how fast a full topic is drained, and what one change with very many dependants does to everybody else. */
export const invalidate: Suite = {
  name: 'invalidate',
  summary:
    'a prefilled topic drained, beside what Debezium could write; one change with --entries dependants, with other reads beside it',
  run: (options) => Scene.play(options, (scene) => measure(scene, options)),
};

async function measure(scene: Scene, options: BenchOptions): Promise<Report> {
  const { rows = ROWS, entries = ENTRIES, log } = options;
  await loadParser();
  await scene.writer.query(FILL_BENCH_TABLE, [rows]);
  await until('the rows to be applied', PATIENCE_MS, () => scene.applied().then(() => true));
  const drained = [
    await drain(scene, { name: 'nothing matches', rows, from: rows + 1, log }),
    await drain(scene, { name: 'one entry a row, deleted', rows, from: 1, log }),
  ];
  const wide = await oneChange(scene, { entries, log });
  return {
    tables: [drainTable(drained, rows), wide.table],
    verdicts: [...drainVerdicts(drained, rows), ...wide.verdicts],
    notes: [
      'Debezium’s figure is its own in this run: rows of one transaction arriving in the topic while the invalidator is stopped.',
      `With fewer than ${ROWS} rows Debezium’s figure is its delay, not its speed, and says nothing about P4.`,
      'The same records are then drained by the invalidator, from its start to the last offset applied.',
      'django-cacheops, recorded on another machine of this size: 200 ms of Redis blocked for a save() with 100 000 dependants.',
    ],
  };
}

interface Drained {
  readonly name: string;
  readonly debezium: number;
  readonly invalidator: number;
  readonly cpuMicros: number;
  readonly left: number;
}

interface DrainOptions {
  readonly name: string;
  readonly rows: number;
  /** The first id that an entry is registered for: those of rows that change, or of none. */
  readonly from: number;
  readonly log: (line: string) => void;
}

async function drain(scene: Scene, { name, rows, from, log }: DrainOptions): Promise<Drained> {
  log(`${name}: ${rows} entries`);
  const { registrar, snapshot, end } = await registrarFor(scene);
  await registrar.registerAll(entriesById('bench.drain', from, rows, BY_ID), { snapshot, body: Buffer.from('a body') });
  end();
  await scene.applied();
  await scene.invalidator.stop();
  log('Debezium fills the topic');
  const debezium = await fillTopic(scene, rows);
  log('the invalidator drains it');
  const { seconds, cpuMicros } = await drainTopic(scene, rows);
  await scene.applied();
  const left = (await scene.redis.keys('e:bench.drain@*')).length;
  await removeAll(scene, 'e:bench.drain@*');
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

function drainTable(drained: readonly Drained[], rows: number): Table {
  return {
    title: `A topic of ${rows} row changes, rows a second`,
    columns: [
      '',
      'Debezium fills it',
      'invalidator drains it',
      'ratio',
      'invalidator, µs CPU a row',
      'rows/s a core carries',
      'entries left',
    ],
    rows: drained.map(({ name, debezium, invalidator, cpuMicros, left }) => [
      name,
      Math.round(debezium),
      Math.round(invalidator),
      invalidator / debezium,
      cpuMicros,
      Math.round(1e6 / cpuMicros),
      left,
    ]),
  };
}

function drainVerdicts([nothing, one]: readonly Drained[], rows: number): Verdict[] {
  const verdict = (target: string, of: Drained | undefined, limit: number): Verdict => {
    const ratio = (of?.invalidator ?? NaN) / (of?.debezium ?? NaN);
    return {
      id: 'P4',
      target,
      measured: `${ratio.toFixed(2)} × with ${rows} rows`,
      met: ratio >= limit && rows >= ROWS,
    };
  };
  return [
    verdict('drains ≥ 3 × Debezium’s ceiling when nothing matches', nothing, 3),
    verdict('drains ≥ 1 × with one match a row', one, 1),
  ];
}

async function oneChange(
  scene: Scene,
  { entries, log }: { entries: number; log: (line: string) => void },
): Promise<{ table: Table; verdicts: Verdict[] }> {
  log(`${entries} entries that read one row`);
  const { registrar, snapshot, end } = await registrarFor(scene);
  await registrar.registerAll(
    entriesById('bench.wide', 1, entries, () => BY_ID(1)),
    { snapshot, body: Buffer.alloc(2048, 'x') },
  );
  end();
  await scene.applied();
  const before = await startReader(scene.stack.ports.redis);
  await pause(IDLE_MS);
  const idle = await before.end();
  await noteSlowCommands(scene.redis);
  log('one change');
  const beside = await startReader(scene.stack.ports.redis);
  const began = nowMs();
  await scene.writer.query('UPDATE bench_row SET amount = amount + 1 WHERE id = 1');
  await until('the change to be applied', PATIENCE_MS, () => scene.applied().then(() => true));
  const seconds = (nowMs() - began) / 1000;
  const busy = await beside.end();
  const longest = await longestCommand(scene.redis);
  const left = await countKeys(scene, 'e:bench.wide@*');
  return {
    table: {
      title: `One change with ${entries} dependent entries: applied after ${seconds.toFixed(2)} s, ${left} entries left; longest command ${longest.text}`,
      columns: ['another reader’s GET', 'samples', 'p50 ms', 'p90 ms', 'p99 ms', 'max ms'],
      rows: [
        ['idle', idle.count, ...spread(idle)],
        ['while the entries go', busy.count, ...spread(busy)],
        ['ratio', '', ...[0.5, 0.9, 0.99, 1].map((q) => (busy.quantile(q) / idle.quantile(q)).toFixed(2))],
      ],
    },
    verdicts: [
      {
        id: 'P5',
        target: 'no command blocks Redis over 5 ms',
        measured: longest.text,
        met: longest.ms <= SLOW_MS && left === 0,
      },
      {
        id: 'P5',
        target: 'other reads’ p99 ≤ 2 × idle',
        measured: `${(busy.p99 / idle.p99).toFixed(2)} ×`,
        met: busy.p99 <= 2 * idle.p99,
      },
    ],
  };
}

async function countKeys(scene: Scene, pattern: string): Promise<number> {
  const keys = new Set<string>();
  for await (const page of scene.redis.scanStream({ match: pattern, count: 1000 }) as AsyncIterable<string[]>) {
    page.forEach((key) => keys.add(key));
  }
  return keys.size;
}
