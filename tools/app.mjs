// node tools/app.mjs <app> [--watch]: builds dist/apps/<app>/main.js, and with --watch runs it again after each change.
import { spawn } from 'node:child_process';
import { context } from 'esbuild';
import { bundleOptions } from './bundle.mjs';

const STOP_GRACE_MS = 10_000;
const [app, flag] = process.argv.slice(2);
const watching = flag === '--watch';
const outfile = `dist/apps/${app}/main.js`;
let child;

async function stopChild(signal) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
  child.kill(signal);
  await gone;
  clearTimeout(timer);
}

const restart = {
  name: 'restart',
  setup(build) {
    build.onEnd(async ({ errors }) => {
      if (errors.length > 0) return;
      await stopChild('SIGTERM');
      child = spawn(process.execPath, ['--enable-source-maps', outfile], { stdio: 'inherit' });
    });
  },
};

const options = await bundleOptions({ entry: `apps/${app}/src/main.ts`, outfile, plugins: watching ? [restart] : [] });
const build = await context(options);

if (watching) {
  process.on('exit', () => child?.kill('SIGKILL'));
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, async () => {
      await build.dispose();
      await stopChild(signal);
      process.exit(0);
    });
  }
  await build.watch();
} else {
  await build.rebuild();
  await build.dispose();
}
