// npm start [-- --detach] [--json] [--scale INVOICES] [--seed N]
import { parseArgs } from 'node:util';
import { scaleFrom } from '../demo-data/world.js';
import { run } from '../stack/command.js';
import { bringUp } from './bring-up.js';
import { asJson, asText } from './announcement.js';
import { surroundings } from './environment.js';
import { Started } from './foreground.js';

void run(async () => {
  const { values } = parseArgs({
    options: {
      detach: { type: 'boolean' },
      json: { type: 'boolean' },
      scale: { type: 'string' },
      seed: { type: 'string' },
    },
  });
  const around = surroundings(process.env);
  const started = new Started(around.place.dir);
  started.stopOnInterrupt();
  try {
    const running = await bringUp({ ...around, scale: scaleFrom(values), log: console.error });
    console.log(asText(running));
    if (values.json === true) console.log(asJson(running));
    if (values.detach === true) process.exit(0);
    console.log('Ctrl-C stops everything this command started.');
    await started.untilSomethingEnds();
  } catch (error) {
    await started.stop();
    throw error;
  }
});
