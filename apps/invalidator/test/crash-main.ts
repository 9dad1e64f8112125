// node tools/run.mjs apps/invalidator/test/crash-main.ts
// The invalidator with a wish to die. Environment as for the real one, and FRESHET_CRASH_STEP: it kills itself (SIGKILL) before that call
// of the store within a slice (1 is the fence), or, with `published`, between the publication and the commit of the offset.
// With FRESHET_CRASH_ON_SIGNAL=true only after SIGUSR2, so that the slice that matters can be sent first.
import 'reflect-metadata';
import { parseEnvironment } from '@freshet/service-kit';
import { sections } from '../src/environment.js';
import { start } from '../src/start.js';
import { crashingStore, type CrashPoint } from './crashing-store.js';

const wished = process.env['FRESHET_CRASH_STEP'];
const point: CrashPoint | undefined =
  wished === 'published' ? wished : wished === undefined ? undefined : Number(wished);
let armed = process.env['FRESHET_CRASH_ON_SIGNAL'] !== 'true';
process.on('SIGUSR2', () => (armed = true));

const result = parseEnvironment(sections, process.env);
if (!result.ok) throw new Error(result.lines.join('\n'));

void start(result.environment, () => process.exit(1), {
  wrapStore: (store) =>
    crashingStore(
      store,
      () => (armed ? point : undefined),
      () => process.kill(process.pid, 'SIGKILL'),
    ),
}).then(({ url }) => console.log(`listening ${url}`));
