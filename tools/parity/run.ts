// npm run parity: does the read API answer what the original was recorded to answer?
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { run } from '../stack/command.js';
import { type Case, type Fix, type Tokens } from './case.js';
import { parityOptions, type ParityOptions } from './options.js';
import { replay, type Material } from './replay.js';
import { startScene, type Scene } from './scene.js';

const PARENT_CHECK_MS = 250;

void run(async () => {
  const options = parityOptions(process.argv.slice(2));
  const tokens = JSON.parse(await readFile(options.tokens, 'utf8')) as Tokens;
  const scene = await startScene({ ...options, secretKey: tokens.secret });
  const stopped = stopSignal();
  try {
    if (options.serve) {
      console.log(`ready ${scene.base.origin}`);
      await stopped;
    } else {
      await Promise.race([compare(scene, options, tokens), stopped]);
    }
  } finally {
    await scene.end();
  }
});

async function compare(scene: Scene, options: ParityOptions, tokens: Tokens): Promise<void> {
  const material = { ...(await recordings(options)), tokens };
  const { passed, failed, fixed } = await replay(scene.base, material, options.twice, (line) => console.log(line));
  console.log(`${passed} passed, ${failed} failed, ${fixed} fixed`);
  if (failed > 0) process.exitCode = 1;
}

async function recordings({ cases, fixes }: ParityOptions): Promise<Omit<Material, 'tokens'>> {
  const lines = (await readFile(cases, 'utf8')).split('\n').filter((text) => text.trim() !== '');
  return {
    cases: lines.map((text) => JSON.parse(text) as Case),
    fixes: JSON.parse(await readFile(fixes, 'utf8')) as Record<string, Fix>,
  };
}

/** Resolves when the command is asked to end, so that what it started is ended too. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) {
      process.once(name, () => {
        process.exitCode = name === 'SIGTERM' ? 0 : 130;
        resolve();
      });
    }
    if (process.env['npm_lifecycle_event'] === undefined) return;
    // npm runs us in a shell that passes no signal on: an orphan has been asked to end.
    const parents = lineage();
    const watch = setInterval(() => {
      if (lineage() !== parents) resolve();
    }, PARENT_CHECK_MS);
    watch.unref();
  });
}

/** The shell and npm, as long as both live. */
function lineage(): string {
  const stat = `/proc/${process.ppid}/stat`;
  const fields = existsSync(stat)
    ? readFileSync(stat, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')
    : [];
  return `${process.ppid} ${fields[1] ?? ''}`;
}
