// npm run faults -- --minutes N [--seed S] [--break RULE] [--only TEXT]
import { parseArgs } from 'node:util';
import { run } from '../stack/command.js';
import { placeFrom } from '../stack/place.js';
import { stackStatus, startStack } from '../stack/stack.js';
import { breaks } from './breaks.js';
import { PLACE } from './place.js';
import { atRandom } from './plan.js';
import { Suite } from './suite.js';

const MAX_STALENESS_MS = 5000;

void run(async () => {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '5' },
      seed: { type: 'string' },
      break: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const minutes = Number(values.minutes);
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
  if (!(minutes > 0)) throw new Error('--minutes expects a number above 0');
  if (!Number.isInteger(seed)) throw new Error('--seed expects a whole number');
  const place = placeFrom({ ...PLACE, ...process.env });
  const ours = Object.keys(stackStatus(place.dir)).length === 0;
  const stack = await startStack({ ...place, log: console.log });
  console.log(`seed ${seed}, ${minutes} minutes${values.break === undefined ? '' : `, without "${values.break}"`}`);
  const broken = values.break === undefined ? undefined : breaks(values.break);
  const only = values.only ?? broken?.shownBy ?? '';
  const suite = new Suite({
    stack,
    seed,
    plan: atRandom(minutes, (name) => name.includes(only)),
    maxStalenessMs: broken?.maxStalenessMs ?? MAX_STALENESS_MS,
    deployment: broken?.deployment ?? {},
    log: console.log,
  });
  const verdict = await suite.run().finally(() => ours && stack.stop());
  if (verdict.story !== undefined) console.log(`\n${verdict.story}\n`);
  const { audited, stale, lost, bypassed, cached, compared, transactions, faults } = verdict;
  console.log(
    `${faults} faults, ${transactions} transactions, ${cached} answers from entries, ${compared} entries compared in quiet`,
  );
  console.log(`audited ${audited}, stale ${stale}, lost ${lost}, bypassed ${bypassed}`);
  if (verdict.story !== undefined) process.exitCode = 1;
});
