import { Command } from 'commander';
import { placeFrom } from './place.js';
import { stopStack } from './stack.js';
import { run } from './command.js';

void run(async () => {
  new Command('npm run stack:stop --').description('Ends the stack. Data stays.').parse();
  const { dir } = placeFrom(process.env);
  const stopped = await stopStack(dir);
  console.log(stopped.length === 0 ? `nothing runs in ${dir}` : `stopped ${stopped.join(', ')}`);
});
