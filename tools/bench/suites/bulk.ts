import { FILL_BENCH_TABLE } from '../bench-rows.js';
import { cpuMs, memory, nowMs } from '../process-figures.js';
import { Samples } from '../samples.js';
import { Scene } from '../scene.js';
import { type BenchOptions, type Report, type Suite } from '../suite.js';
import { until } from '../../stack/until.js';

const ROWS = 100_000;
const LIMIT_MIB = 200;
const SAMPLE_EVERY_MS = 100;
const PATIENCE_MS = 600_000;

/** P10: one transaction of very many rows goes through an invalidator of bounded memory that keeps its place in the group. */
export const bulk: Suite = {
  name: 'bulk',
  summary: 'one transaction of --rows rows: memory of the invalidator, time to apply, delay of Redis meanwhile',
  run: (options) => Scene.play(options, (scene) => measure(scene, options)),
};

async function measure(scene: Scene, { rows = ROWS, log }: BenchOptions): Promise<Report> {
  log(`${rows} rows to change`);
  await scene.writer.query(FILL_BENCH_TABLE, [rows]);
  await until('the rows to be applied', PATIENCE_MS, () => scene.applied().then(() => true));
  const pid = scene.invalidator.pid ?? 0;
  const before = memory(pid);
  const cpuBefore = cpuMs(pid);
  const resident = new Samples();
  const sampler = setInterval(() => resident.add(memory(pid).nowMiB), SAMPLE_EVERY_MS);
  try {
    log('one transaction');
    const began = nowMs();
    await scene.writer.query('UPDATE bench_row SET amount = amount + 1 WHERE id <= $1', [rows]);
    const committed = nowMs();
    await scene.applied();
    const applied = nowMs();
    const { mostMiB } = memory(pid);
    const cpuMicros = ((cpuMs(pid) - cpuBefore) * 1000) / rows;
    return {
      tables: [
        {
          title: `One transaction of ${rows} rows`,
          columns: ['', 'figure'],
          rows: [
            ['PostgreSQL, to run and commit it, s', (committed - began) / 1000],
            ['commit → applied, s', (applied - committed) / 1000],
            ['rows a second from commit to applied', Math.round((rows * 1000) / (applied - committed))],
            ['invalidator, µs of CPU a row', cpuMicros],
            ['its memory before, MiB', before.nowMiB],
            ['its memory in the middle of it (p50), MiB', resident.p50],
            ['its memory at most, MiB', mostMiB],
            ['it is still the process that began', scene.invalidator.running ? 'yes' : 'NO'],
          ],
        },
      ],
      verdicts: [
        {
          id: 'P10',
          target: `invalidator ≤ ${LIMIT_MIB} MiB with a transaction of 1 000 000 rows`,
          measured: `${mostMiB.toFixed(0)} MiB with ${rows} rows`,
          met: mostMiB <= LIMIT_MIB && rows >= 1e6,
        },
      ],
      notes: rows < 1e6 ? ['Run with --rows 1000000 for the target itself.'] : [],
    };
  } finally {
    clearInterval(sampler);
  }
}
