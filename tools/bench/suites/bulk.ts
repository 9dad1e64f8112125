import { controlKeys } from '@freshet/cache-keys';
import { setTimeout as pause } from 'node:timers/promises';
import { loadParser } from '@freshet/footprint';
import { BY_ID, entriesById, registrarFor } from '../bench-entries.js';
import { FILL_BENCH_TABLE } from '../bench-rows.js';
import { groupMembers } from '../group-member.js';
import { endOffset } from '../peers/topic-end.js';
import { cpuMs, memory, nowMs } from '../process-figures.js';
import { Samples } from '../samples.js';
import { Scene } from '../scene.js';
import { type LongestCommand, longestCommand, noteSlowCommands } from '../slow-commands.js';
import { type BenchOptions, type Report, type Suite, type Verdict } from '../suite.js';
import { GiveUp, until } from '../../stack/until.js';

const ROWS = 100_000;
const ENTRIES = 10_000;
const LIMIT_MIB = 200;
const SLOW_MS = 5;
const SAMPLE_EVERY_MS = 100;
const LOOK_EVERY_MS = 1000;
const TELL_EVERY_MS = 10_000;
const PATIENCE_MS = 900_000;
const ENTRY = 'bench.bulk';

/** P10: one transaction of very many rows goes through an invalidator of bounded memory that keeps its place in the group. */
export const bulk: Suite = {
  name: 'bulk',
  summary:
    'one transaction of --rows rows, read by --entries entries: memory of the invalidator, its place in the group, delay of Redis',
  run: (options) => Scene.play(options, (scene) => measure(scene, options)),
};

interface Outcome {
  readonly rows: number;
  readonly entries: number;
  readonly entriesLeft: number;
  readonly wroteSeconds: number;
  readonly inTopicSeconds: number;
  readonly appliedSeconds: number;
  readonly cpuMicros: number;
  readonly beforeMiB: number;
  readonly middleMiB: number;
  readonly mostMiB: number;
  readonly longest: LongestCommand;
  readonly keptItsPlace: boolean;
}

async function measure(scene: Scene, options: BenchOptions): Promise<Report> {
  const { rows = ROWS, entries = Math.min(rows, ENTRIES), log } = options;
  await loadParser();
  log(`${rows} rows to change`);
  await transaction(scene, { sql: FILL_BENCH_TABLE, rows, log });
  log(`${entries} entries that read them`);
  const { registrar, snapshot, end } = await registrarFor(scene);
  await registrar.registerAll(entriesById(ENTRY, 1, entries, BY_ID), { snapshot, body: Buffer.from('a body') });
  end();
  return report(await oneTransaction(scene, { rows, entries, log }));
}

async function oneTransaction(
  scene: Scene,
  { rows, entries, log }: { rows: number; entries: number; log: (line: string) => void },
): Promise<Outcome> {
  const pid = scene.invalidator.pid ?? 0;
  const resident = new Samples();
  const [before, cpuBefore, members] = [memory(pid), cpuMs(pid), await membersOf(scene)];
  await noteSlowCommands(scene.redis);
  const sampler = setInterval(() => resident.add(memory(pid).nowMiB), SAMPLE_EVERY_MS);
  try {
    log('one transaction');
    const sql = 'UPDATE bench_row SET amount = amount + 1 WHERE id <= $1';
    const { began, committed, inTopic, applied } = await transaction(scene, { sql, rows, log });
    return {
      rows,
      entries,
      entriesLeft: (await scene.redis.keys(`e:${ENTRY}@*`)).length,
      wroteSeconds: (committed - began) / 1000,
      inTopicSeconds: (inTopic - committed) / 1000,
      appliedSeconds: (applied - committed) / 1000,
      cpuMicros: ((cpuMs(pid) - cpuBefore) * 1000) / rows,
      beforeMiB: before.nowMiB,
      middleMiB: resident.p50,
      mostMiB: memory(pid).mostMiB,
      longest: await longestCommand(scene.redis),
      keptItsPlace: members !== '' && members === (await membersOf(scene)),
    };
  } finally {
    clearInterval(sampler);
  }
}

interface Moments {
  readonly began: number;
  readonly committed: number;
  readonly inTopic: number;
  readonly applied: number;
}

/** Runs it and waits until it is applied, telling how far it is. */
async function transaction(
  scene: Scene,
  { sql, rows, log }: { sql: string; rows: number; log: (line: string) => void },
): Promise<Moments> {
  const { kafkaBroker, topic } = scene.stack;
  const from = await until('the end of the topic', PATIENCE_MS, () => endOffset(kafkaBroker, topic));
  const began = nowMs();
  const changed = (await scene.writer.query(sql, [rows])).rowCount ?? 0;
  const committed = nowMs();
  const over = new AbortController();
  const inTopic = written(scene, from + changed, over.signal);
  const tell = setInterval(() => {
    void position(scene).then((last) => log(`applied ${Math.max(0, last + 1 - from)} of ${changed} rows`));
  }, TELL_EVERY_MS);
  try {
    await until(`${changed} rows to be applied`, PATIENCE_MS, async () => {
      if (!scene.invalidator.running) throw new GiveUp('the invalidator ended');
      return (await position(scene)) + 1 >= from + changed;
    });
    await scene.applied();
    return { began, committed, inTopic: await inTopic, applied: nowMs() };
  } finally {
    over.abort();
    clearInterval(tell);
  }
}

/** Resolves to the moment at which the topic was seen to have that many records. A broker that is slow to answer is asked again. */
async function written({ stack }: Scene, end: number, over: AbortSignal): Promise<number> {
  await until('all rows to be in the topic', PATIENCE_MS, async () => {
    await pause(LOOK_EVERY_MS);
    return over.aborted || (await endOffset(stack.kafkaBroker, stack.topic)) >= end;
  });
  return nowMs();
}

function membersOf({ stack }: Scene): Promise<string> {
  return until('the members of the group', PATIENCE_MS, () => groupMembers(stack.kafkaBroker));
}

async function position({ redis, stack }: Scene): Promise<number> {
  return Number(await redis.hget(controlKeys.control, `offset:${stack.topic}/0`));
}

function report(outcome: Outcome): Report {
  const { rows, entries } = outcome;
  return {
    tables: [
      {
        title: `One transaction of ${rows} rows, ${entries} of them read by an entry each`,
        columns: ['', 'figure'],
        rows: [
          ['PostgreSQL, to run and commit it, s', outcome.wroteSeconds],
          ['commit → the last row is in the topic, s', outcome.inTopicSeconds],
          ['commit → applied, s', outcome.appliedSeconds],
          ['rows a second from commit to the topic', Math.round(rows / outcome.inTopicSeconds)],
          ['rows a second from commit to applied', Math.round(rows / outcome.appliedSeconds)],
          ['invalidator, µs of CPU a row', outcome.cpuMicros],
          ['its memory before, MiB', outcome.beforeMiB],
          ['its memory in the middle of it (p50), MiB', outcome.middleMiB],
          ['its memory at most, MiB', outcome.mostMiB],
          ['longest command of Redis', outcome.longest.text],
          ['entries left', outcome.entriesLeft],
          ['kept its place in the group', outcome.keptItsPlace ? 'yes' : 'NO'],
        ],
      },
    ],
    verdicts: verdicts(outcome),
    notes: [
      'Redis notes how long a command took by the clock: on a machine that others use, any command may have waited for a core.',
      ...(rows < 1e6 ? ['Run with --rows 1000000 for the target itself.'] : []),
    ],
  };
}

function verdicts({ rows, mostMiB, longest, entriesLeft, keptItsPlace }: Outcome): Verdict[] {
  const whole = rows >= 1e6;
  return [
    {
      id: 'P10',
      target: `invalidator ≤ ${LIMIT_MIB} MiB with a transaction of 1 000 000 rows`,
      measured: `${mostMiB.toFixed(0)} MiB with ${rows} rows`,
      met: mostMiB <= LIMIT_MIB && whole,
    },
    {
      id: 'P10',
      target: 'it keeps its place in the group, and no entry is left',
      measured: `${keptItsPlace ? 'kept' : 'LOST'}, ${entriesLeft} left`,
      met: keptItsPlace && entriesLeft === 0 && whole,
    },
    {
      id: 'P5',
      target: `no command blocks Redis over ${SLOW_MS} ms meanwhile`,
      measured: longest.text,
      met: longest.ms <= SLOW_MS,
    },
  ];
}
