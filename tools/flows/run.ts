import { spawnSync } from 'node:child_process';
import { Command } from 'commander';
import { run } from '../stack/command.js';
import { World } from '../e2e/world.js';
import { play, tallyText } from './play.js';

const SHOWN = 10;

void run(async () => {
  const options = new Command('npm run flows --')
    .description('Does a page always see its own write? Plays the front end’s flows. Empties the tables of its stack.')
    .option('--rounds <n>', 'how many writes are looked for', '10000')
    .option('--tabs <n>', 'how many work at the same time', '4')
    .option('--no-cookie', 'without the token of a write: shows that the check can fail')
    .parse()
    .opts<{ rounds: string; tabs: string; cookie: boolean }>();
  const [rounds, tabs] = [Number(options.rounds), Number(options.tabs)];
  if (!(rounds > 0 && tabs > 0)) throw new Error('--rounds and --tabs expect numbers above 0');
  for (const app of ['read-api', 'invalidator']) {
    const built = spawnSync(process.execPath, ['tools/app.mjs', app], { stdio: 'inherit' });
    if (built.status !== 0) throw new Error(`${app} could not be built`);
  }
  const world = await World.begin();
  try {
    const began = Date.now();
    const tally = await play(world, { rounds, tabs, cookie: options.cookie, log: console.error });
    for (const line of tally.missed.slice(0, SHOWN)) console.log(line);
    console.log(`${tallyText(tally)}, ${((Date.now() - began) / 1000).toFixed(0)} s`);
    if (tally.missed.length > 0) process.exitCode = 1;
  } finally {
    await world.end();
  }
});
