import { loadParser } from '@freshet/footprint';
import { loadGroups, loadSchemas } from './case.js';
import { scratchDatabase } from './cluster.js';
import { labelFile } from './label.js';
import { runCase } from './run-case.js';
import { runRandom, type Tally } from './random/run-random.js';
import { Session } from './session.js';

const USAGE = `npm run conformance -- DIR…              runs the cases of each folder (cases/*.json, schemas/*.sql); prints one JSON line per change
npm run conformance -- --only PREFIX DIR…  only cases whose id begins so
npm run conformance -- --label FILE…       writes into files of cases what PostgreSQL makes of each change
npm run conformance -- --random N --seed S   N cases of our own making, labelled by PostgreSQL; prints every miss`;

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const only = option(args, '--only') ?? '';
  const random = option(args, '--random');
  const folders = args.filter((a, i) => !a.startsWith('--') && !args[i - 1]?.startsWith('--'));
  if (folders.length === 0 && random === undefined && !args.includes('--label')) {
    console.error(USAGE);
    return 2;
  }
  await loadParser();
  const database = await scratchDatabase();
  try {
    if (args.includes('--label')) return await labelFiles(args.slice(1), database.url);
    if (random !== undefined) return await runSeeded(Number(random), Number(option(args, '--seed') ?? 1), database.url);
    return await runFolders(folders, only, database.url);
  } finally {
    database.stop();
  }
}

async function runFolders(folders: readonly string[], only: string, url: string): Promise<number> {
  const session = await Session.open(url);
  const schemas = loadSchemas(['tools/conformance', ...folders]);
  const cases = folders
    .flatMap(loadGroups)
    .flatMap((g) => g.cases)
    .filter((c) => c.id.startsWith(only));
  let failed = 0;
  for (const [i, c] of cases.entries()) {
    try {
      for (const line of (await runCase(session, c, schemas)).flat()) process.stdout.write(`${JSON.stringify(line)}\n`);
    } catch (error) {
      failed += 1;
      console.error(`${c.id}: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (i % 50 === 49) console.error(`${i + 1} of ${cases.length} cases`);
  }
  await session.close();
  return failed === 0 ? 0 : 1;
}

async function labelFiles(files: readonly string[], url: string): Promise<number> {
  const session = await Session.open(url);
  const schemas = loadSchemas(['tools/conformance']);
  for (const file of files) await labelFile(session, file, schemas);
  await session.close();
  return 0;
}

async function runSeeded(count: number, seed: number, url: string): Promise<number> {
  const session = await Session.open(url);
  let told = 0;
  const report = ({ cases, misses }: Tally) => {
    for (const miss of misses.slice(told)) console.log(miss);
    told = misses.length;
    if (cases % 400 === 0 || cases === count) console.error(`${cases} of ${count} cases, ${told} misses`);
  };
  const { misses, ...sums } = await runRandom(session, count, seed, report);
  await session.close();
  console.error(`seed ${seed}: ${JSON.stringify({ ...sums, misses: misses.length })}`);
  return misses.length === 0 ? 0 : 1;
}

function option(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
