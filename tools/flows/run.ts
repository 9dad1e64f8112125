import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { World } from '../e2e/world.js';
import { play, tallyText } from './play.js';

const SHOWN = 10;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10000' },
    tabs: { type: 'string', default: '4' },
    'no-cookie': { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  for (const app of ['read-api', 'invalidator']) {
    const built = spawnSync(process.execPath, ['tools/app.mjs', app], { stdio: 'inherit' });
    if (built.status !== 0) throw new Error(`${app} could not be built`);
  }
  const world = await World.begin();
  try {
    const began = Date.now();
    const tally = await play(world, {
      rounds: Number(values.rounds),
      tabs: Number(values.tabs),
      cookie: !values['no-cookie'],
    });
    for (const line of tally.missed.slice(0, SHOWN)) console.log(line);
    console.log(`${tallyText(tally)}, ${((Date.now() - began) / 1000).toFixed(0)} s`);
    if (tally.missed.length > 0) process.exitCode = 1;
  } finally {
    await world.end();
  }
}

void main();
