// npm run faults
import { Command } from 'commander';
import { run } from '../stack/command.js';
import { placeFrom } from '../stack/place.js';
import { stackStatus, startStack } from '../stack/stack.js';
import { breaks, RULES } from './breaks.js';
import { PLACE } from './place.js';
import { atRandom } from './plan.js';
import { Suite } from './suite.js';

const MAX_STALENESS_MS = 5000;

void run(async () => {
  const options = new Command('npm run faults --')
    .description('Does the cache ever serve a stale answer, or lose a change, while the parts around it fail?')
    .option('--minutes <n>', 'how long', '5')
    .option('--seed <n>', 'repeats the choices of a run')
    .option('--only <text>', 'only faults whose names hold the text')
    .option('--break <rule>', `with a rule of the protocol switched off: ${RULES.join(', ')}`)
    .parse()
    .opts<{ minutes: string; seed?: string; only?: string; break?: string }>();
  const minutes = Number(options.minutes);
  const seed = options.seed === undefined ? Date.now() % 1_000_000 : Number(options.seed);
  if (!(minutes > 0)) throw new Error('--minutes expects a number above 0');
  if (!Number.isInteger(seed)) throw new Error('--seed expects a whole number');
  const broken = options.break === undefined ? undefined : breaks(options.break);
  const place = placeFrom({ ...PLACE, ...process.env });
  const ours = Object.keys(stackStatus(place.dir)).length === 0;
  const stack = await startStack({ ...place, log: console.log });
  console.log(`seed ${seed}, ${minutes} minutes${options.break === undefined ? '' : `, without "${options.break}"`}`);
  const only = options.only ?? broken?.shownBy ?? '';
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
