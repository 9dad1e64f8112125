import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { run } from '../stack/command.js';
import { PACED_COMMAND } from './load-generator.js';
import { machine } from './machine.js';
import { READER_COMMAND, readAside } from './other-reader.js';
import { pacedLoad, type PacedOptions } from './paced-load.js';
import { serveConstant, serveSql } from './peers/http-servers.js';
import { reportText } from './report.js';
import { type BenchOptions, type Suite } from './suite.js';
import { suites } from './suites.js';

interface Flags extends Omit<BenchOptions, 'log'> {
  readonly json?: string;
}

const program = new Command('bench')
  .usage('SUITE [options]')
  .description('Measures what is promised, each figure beside its peer in the same run.')
  .helpOption('--help', 'list the suites and options');

for (const suite of suites) {
  program
    .command(suite.name)
    .description(suite.summary)
    .option('--json <file>', 'also write the report as JSON')
    .option('--seconds <n>', 'length of each measured phase', positive, 5)
    .option('--invoices <n>', 'size of the demo data; each size has a stack of its own', positive, 424)
    .option('--entries <n>', 'registered entries (match), or dependants of one row (invalidate)', positive)
    .option('--rows <n>', 'rows of one transaction (bulk) or in the prefilled topic (invalidate)', positive)
    .option('--registered <n>', 'entries beside which a drain is timed once more (invalidate)', positive)
    .option('--minutes <n>', 'length of soak', positive, 1)
    .option('--keep', 'leave the stack running for the next suite', false)
    .action((flags: Flags) => run(() => measure(suite, flags)));
}
program.command('peer-constant', { hidden: true }).action(serveConstant);
program.command('peer-sql', { hidden: true }).action(serveSql);
program.command(`${READER_COMMAND} <port>`, { hidden: true }).action((port: string) => readAside(Number(port)));
program
  .command(`${PACED_COMMAND} <options>`, { hidden: true })
  .action(async (options: string) => console.log(JSON.stringify(await pacedLoad(JSON.parse(options) as PacedOptions))));

async function measure(suite: Suite, { json, ...flags }: Flags): Promise<void> {
  const at = machine();
  const report = await suite.run({ ...flags, log: console.error });
  const command = ['npm run bench --', ...process.argv.slice(2)].join(' ');
  if (json !== undefined) await writeFile(json, JSON.stringify({ command, machine: at, ...report }, undefined, 2));
  console.log(reportText(command, at, report));
}

function positive(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('a number above 0 is needed');
}

void program.parseAsync();
