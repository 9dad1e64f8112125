import { loadParser } from '@freshet/footprint';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../stack/until.js';
import { BY_ID, entriesById, registrarFor } from '../bench-entries.js';
import { FILL_BENCH_TABLE } from '../bench-rows.js';
import { countKeys, drain, type Drained, PATIENCE_MS } from '../drain.js';
import { startReader } from '../other-reader.js';
import { nowMs } from '../process-figures.js';
import { spread } from '../samples.js';
import { Scene } from '../scene.js';
import { longestCommand, noteSlowCommands } from '../slow-commands.js';
import { type BenchOptions, type Report, type Suite, type Table, type Verdict } from '../suite.js';

const ROWS = 40_000;
const ENTRIES = 100_000;
const IDLE_MS = 3000;
/** The smaller index that a larger one is compared with. */
const FEW = 1000;
const FLAT = 1.3;
const MANY = 1_000_000;
const SLOW_MS = 5;

/** P4 and P5: how fast a full topic is drained, and what one change with very many dependants does to everybody else. */
export const invalidate: Suite = {
  name: 'invalidate',
  summary:
    'a prefilled topic drained, beside what Debezium could write; one change with --entries dependants, with other reads beside it',
  run: (options) => Scene.play(options, (scene) => measure(scene, options)),
};

async function measure(scene: Scene, options: BenchOptions): Promise<Report> {
  const { rows = ROWS, entries = ENTRIES, registered, log } = options;
  await loadParser();
  await scene.writer.query(FILL_BENCH_TABLE, [rows]);
  await until('the rows to be applied', PATIENCE_MS, () => scene.applied().then(() => true));
  const drained = [
    await drain(scene, { name: 'nothing matches', rows, from: rows + 1, log }),
    await drain(scene, { name: 'one entry a row, deleted', rows, from: 1, log }),
  ];
  const flat = registered === undefined ? [] : await drainBeside(scene, { registered, rows, log });
  const wide = await oneChange(scene, { entries, log });
  return {
    tables: [drainTable([...drained, ...flat], rows), wide.table],
    verdicts: [...drainVerdicts(drained, rows), ...flatVerdicts(flat, registered), ...wide.verdicts],
    notes: [
      'Debezium’s figure is its own in this run: rows of one transaction arriving in the topic while the invalidator is stopped.',
      `With fewer than ${ROWS} rows Debezium’s figure is its delay, not its speed, and says nothing about P4.`,
      ...(registered === undefined
        ? [`With --registered ${MANY} the drain is also timed beside so many entries.`]
        : []),
      'The same records are then drained by the invalidator, from its start to the last offset applied.',
      'django-cacheops, recorded on another machine of this size: 200 ms of Redis blocked for a save() with 100 000 dependants.',
    ],
  };
}

/** The same drain beside few entries and beside many, none of which a change concerns. */
async function drainBeside(
  scene: Scene,
  { registered, rows, log }: { registered: number; rows: number; log: (line: string) => void },
): Promise<Drained[]> {
  // The stack's Redis is bounded for a billing application of usual size.
  const [, bound = '0'] = await scene.redis.config('GET', 'maxmemory');
  await scene.redis.config('SET', 'maxmemory', '0');
  try {
    const few = await drain(scene, { name: `beside ${FEW} entries`, rows, entries: FEW, from: rows + 1, log });
    const name = `beside ${registered} entries`;
    return [few, await drain(scene, { name, rows, entries: registered, from: rows + 1, log })];
  } finally {
    await scene.redis.config('SET', 'maxmemory', bound);
  }
}

function flatVerdicts([few, many]: readonly Drained[], registered = 0): Verdict[] {
  if (few === undefined || many === undefined) return [];
  const [slower, dearer] = [few.invalidator / many.invalidator, many.cpuMicros / few.cpuMicros];
  return [
    {
      id: 'P4',
      target: `the drain is flat (≤ ${FLAT} ×) from ${FEW} to ${MANY} registered entries`,
      measured: `${slower.toFixed(2)} × as long with ${registered}, ${dearer.toFixed(2)} × the CPU a row`,
      met: slower <= FLAT && registered >= MANY,
    },
  ];
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
