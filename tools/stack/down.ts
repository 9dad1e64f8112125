import { placeFrom } from './place.js';
import { stopStack } from './stack.js';
import { run } from './command.js';

void run(async () => {
  const { dir } = placeFrom(process.env);
  const stopped = await stopStack(dir);
  console.log(stopped.length === 0 ? `nothing runs in ${dir}` : `stopped ${stopped.join(', ')}`);
});
