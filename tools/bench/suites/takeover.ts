import { controlKeys } from '@freshet/cache-keys';
import { Service } from '../../e2e/services.js';
import { until } from '../../stack/until.js';
import { nowMs } from '../process-figures.js';
import { Samples, spread } from '../samples.js';
import { Scene } from '../scene.js';
import { type BenchOptions, type Report, type Suite } from '../suite.js';

const LIMIT_MS = 5000;
const TIMES = 5;
const PATIENCE_MS = 60_000;

const HOW = ['killed', 'frozen', 'stopped'] as const;
type How = (typeof HOW)[number];

/** How long nobody invalidates when the active one of two processes goes. */
export const takeover: Suite = {
  name: 'takeover',
  summary: 'the active invalidator killed, frozen, stopped → the other one has applied a change made then',
  run: (options) => Scene.play(options, (scene) => measure(scene, options)),
};

async function measure(scene: Scene, { log }: BenchOptions): Promise<Report> {
  const second = new Service(scene.stack, 'invalidator', { port: scene.stack.ports.invalidator + 20 });
  process.once('exit', () => second.signal('SIGKILL'));
  const both = [scene.invalidator, second] as const;
  const taken = new Map<How, Samples>(HOW.map((how) => [how, new Samples()]));
  try {
    await second.start();
    for (let i = 0; i < TIMES; i++) {
      for (const how of HOW) {
        const ms = await takeOver(scene, both, how);
        log(`${how}: ${ms.toFixed(0)} ms`);
        taken.get(how)?.add(ms);
      }
    }
    return report(taken);
  } finally {
    for (const service of both) service.signal('SIGCONT');
    await second.stop('SIGKILL');
  }
}

/** From the moment it goes to the moment the store says that a change made then is applied. Afterwards both are there again. */
async function takeOver(scene: Scene, both: readonly Service[], how: How): Promise<number> {
  const [active, standby] = await roles(both);
  await scene.applied();
  const began = nowMs();
  if (how === 'frozen') active.signal('SIGSTOP');
  else if (how === 'killed') active.signal('SIGKILL');
  else active.signal('SIGTERM');
  const { rows } = await scene.writer.query<{ ms: string }>(
    'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000) AS ms',
  );
  const target = Number(rows[0]?.ms);
  await until('the change to be applied', PATIENCE_MS, async () => {
    return Number(await scene.redis.hget(controlKeys.control, 'watermark')) > target;
  });
  const ms = nowMs() - began;
  if (how === 'frozen') active.signal('SIGCONT');
  else {
    await active.gone();
    await active.start();
  }
  await roles([standby, active]);
  return ms;
}

/** Resolves to the active one and the standby when there is one of each. */
function roles(both: readonly Service[]): Promise<readonly [Service, Service]> {
  return until('one active process and one standby', PATIENCE_MS, async () => {
    const [a, b] = both as readonly [Service, Service];
    const [one, other] = await Promise.all([a.role(), b.role()]);
    if (one === 'active' && other === 'standby') return [a, b] as const;
    return one === 'standby' && other === 'active' ? ([b, a] as const) : undefined;
  });
}

function report(taken: ReadonlyMap<How, Samples>): Report {
  const worst = Math.max(...[...taken.values()].map((samples) => samples.max));
  return {
    tables: [
      {
        title: `The active one goes → a change made then is applied, ms, ${TIMES} times each`,
        columns: ['it was', 'p50', 'p90', 'p99', 'max'],
        rows: [...taken].map(([how, samples]) => [how, ...spread(samples, 0)]),
      },
    ],
    verdicts: [
      {
        id: 'take-over',
        target: `another process goes on in under ${LIMIT_MS / 1000} s`,
        measured: `${(worst / 1000).toFixed(1)} s at most`,
        met: worst < LIMIT_MS,
      },
    ],
    notes: [
      'The watermark passes a change with the next heartbeat of the connector, up to a second later: that is within the figures.',
    ],
  };
}
