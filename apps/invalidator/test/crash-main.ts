// node tools/run.mjs apps/invalidator/test/crash-main.ts
// The invalidator with a wish to die. Environment as for the real one, and FRESHET_CRASH_STEP: it kills itself (SIGKILL) before that call
// of the store within a slice (1 is the fence), or, with `published`, between the publication and the commit of the offset.
// The step may also be the name of a call. With FRESHET_CRASH_ON_SIGNAL=true only after SIGUSR2, so that the slice that matters can be
// sent first; with FRESHET_CRASH_SIGNAL=SIGSTOP it freezes once, and goes on with that call when it is woken.
import 'reflect-metadata';
import { parseEnvironment } from '@freshet/service-kit';
import { sections } from '../src/environment.js';
import { start } from '../src/start.js';
import { crashingStore, type CrashPoint } from './crashing-store.js';

const wished = process.env['FRESHET_CRASH_STEP'];
const point: CrashPoint | undefined = wished !== undefined && /^\d+$/.test(wished) ? Number(wished) : wished;
const signal = process.env['FRESHET_CRASH_SIGNAL'] ?? 'SIGKILL';
let armed = process.env['FRESHET_CRASH_ON_SIGNAL'] !== 'true';
process.on('SIGUSR2', () => (armed = true));

const result = parseEnvironment(sections, process.env);
if (!result.ok) throw new Error(result.lines.join('\n'));

void start(result.environment, () => process.exit(1), {
  wrapStore: (store) =>
    crashingStore(
      store,
      () => (armed ? point : undefined),
      () => {
        armed = false;
        process.kill(process.pid, signal);
      },
    ),
}).then(({ url }) => console.log(`listening ${url}`));
