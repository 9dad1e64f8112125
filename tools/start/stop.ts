// npm stop: ends what `npm start` left running. Data stays.
import { Command } from 'commander';
import { run } from '../stack/command.js';
import { composeDown, dockerAnswers } from './compose.js';
import { surroundings } from './environment.js';
import { stopParts } from './running-parts.js';

void run(async () => {
  new Command('npm stop --').description('Ends what `npm start` left running. Data stays.').parse();
  const { dir } = surroundings(process.env).place;
  const ended = await stopParts(dir);
  console.log(ended.length === 0 ? `nothing runs in ${dir}` : `stopped ${ended.join(', ')}`);
  if (await dockerAnswers()) await composeDown();
});
