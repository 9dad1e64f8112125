// npm start
import { Command } from 'commander';
import { scaleFrom } from '../demo-data/world.js';
import { run } from '../stack/command.js';
import { bringUp } from './bring-up.js';
import { asJson, asText } from './announcement.js';
import { surroundings } from './environment.js';
import { Started } from './foreground.js';

void run(async () => {
  const options = new Command('npm start --')
    .description('Brings up the whole stack with both services and demo data, and ends it with Ctrl-C.')
    .option('--detach', 'leave everything running: `npm stop` ends it')
    .option('--json', 'also print one line of JSON: addresses and tokens')
    .option('--scale <invoices>', 'demo data of so many invoices (400)')
    .option('--seed <n>', 'of the demo data (1)')
    .parse()
    .opts<{ detach?: true; json?: true; scale?: string; seed?: string }>();
  const around = surroundings(process.env);
  const started = new Started(around.place.dir);
  started.stopOnInterrupt();
  try {
    const running = await bringUp({ ...around, scale: scaleFrom(options), log: console.error });
    console.log(asText(running));
    if (options.json === true) console.log(asJson(running));
    if (options.detach === true) process.exit(0);
    console.log('Ctrl-C stops everything this command started.');
    await started.untilSomethingEnds();
  } catch (error) {
    await started.stop();
    throw error;
  }
});
