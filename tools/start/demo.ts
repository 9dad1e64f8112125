// npm run demo: the story of one cached view, on real parts.
import { Command } from 'commander';
import { run } from '../stack/command.js';
import { bringUp } from './bring-up.js';
import { surroundings } from './environment.js';
import { Story } from './story.js';

const SCALE = { invoices: 400, seed: 1 };

void run(async () => {
  new Command('npm run demo --').description('The story of one cached view, on real parts.').parse();
  const running = await bringUp({ ...surroundings(process.env), scale: SCALE, log: console.error });
  const story = await Story.begin(running, console.log);
  try {
    await story.tell();
  } finally {
    story.end();
  }
  process.exit(process.exitCode);
});
