// node tools/run.mjs tools/demo-data/run.ts [--scale INVOICES] [--seed N] [--database URL]
import { parseArgs } from 'node:util';
import { run } from '../stack/command.js';
import { placeFrom, portsOf } from '../stack/place.js';
import { postgresUrl } from '../stack/postgres.js';
import { loadWithBar } from './progress-bar.js';
import { scaleFrom } from './world.js';

void run(async () => {
  const { values } = parseArgs({
    options: { scale: { type: 'string' }, seed: { type: 'string' }, database: { type: 'string' } },
  });
  const { postgres } = portsOf(placeFrom(process.env).portsFrom);
  await loadWithBar(values.database ?? postgresUrl(postgres, 'postgres', 'freshet'), scaleFrom(values), console.error);
});
