import { Command, InvalidArgumentError } from 'commander';
import { audit, type AuditOptions } from './commands/audit.js';
import { doctor, type DoctorOptions } from './commands/doctor.js';
import { explain, type ExplainOptions } from './commands/explain.js';
import { inspect, type InspectOptions } from './commands/inspect.js';
import { invalidate, type InvalidateOptions } from './commands/invalidate.js';
import { replay, type ReplayOptions } from './commands/replay.js';
import { stats, type StatsOptions } from './commands/stats.js';
import { type Say } from './output.js';

const READ_API = 'http://127.0.0.1:3000';
const INVALIDATOR = 'http://127.0.0.1:3001';

const AFTER_HELP = `
Where things are comes from the environment, with the services' own defaults: REDIS_HOST, REDIS_PORT, REDIS_DB (or REDIS_URL …),
DATABASE_URL, ADMIN_TOKEN, FRESHET_AUTHORIZATION, CONNECT_URL. NODE_ENV=production takes production's defaults.`;

export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly say: Say;
  /** Called with false when what was looked at is not as it must be. */
  readonly onVerdict: (good: boolean) => void;
}

/** The command line. Each command is a function in commands/. */
export function createProgram({ env, say, onVerdict }: Surroundings): Command {
  const program = new Command('freshet')
    .description("Looks into the cache, and tells it what it cannot know: the operator's command line of Freshet.")
    .addHelpText('after', AFTER_HELP)
    .showHelpAfterError('(freshet --help lists the commands)');

  program
    .command('stats')
    .description('epoch, watermark, lag, fence, entries by view, size of the index, hit rates')
    .option('--metrics <url>', '/metrics of a read API, for hit rates; may be given several times', collect, [])
    .option('--json', 'one line of JSON', false)
    .action((options: StatsOptions) => stats(env, options, say));

  program
    .command('inspect')
    .description('an entry: snapshot, epoch, age, TTL, what it reads, its tags; or the entries of a view')
    .argument('<key|view>', 'e:invoice.get@…:id=1, or invoice.get')
    .option('--limit <n>', 'how many entries of a view are listed', count, 20)
    .action((target: string, options: InspectOptions) => inspect(env, target, options, say));

  program
    .command('explain')
    .description('what a statement depends on; or what a row change does to an entry, and by which test')
    .argument('[statement|key]', 'the name or id of a statement, or the key of an entry')
    .option('--change <json>', 'a row change: {"table": …, "before": {…}, "after": {…}}, or an envelope of the log')
    .option('--sql <text>', 'a SELECT with $1, $2, … instead; asks the database for its tables')
    .option('--publication <name>', 'what the connector reads', 'freshet')
    .action((target: string | undefined, options: ExplainOptions) => explain(env, target, options, say));

  program
    .command('invalidate')
    .description('deletes entries by hand, exactly one kind at a time')
    .option('--table <name>', 'every entry that reads the table')
    .option('--tag <tag>', 'every entry listed under the tag')
    .option('--key <key>', 'one entry')
    .option('--view <name>', 'every entry of the view')
    .option('--all', 'everything, by raising the epoch')
    .action((options: InvalidateOptions) => invalidate(env, options, say));

  program
    .command('audit')
    .description('compares answers from the cache with the database; exits 1 when one was wrong for over a minute')
    .option('--read-api <url>', 'base URL of the read API', READ_API)
    .option('--samples <n>', 'how many entries are looked at', count, 100)
    .option('--rate <n>', 'looks a second; each costs one read of the database', positive, 5)
    .option(
      '--share <n>',
      "looks only while they stay within this share of the read API's reads, such as 0.01",
      positive,
    )
    .option('--metrics <url>', '/metrics of a read API, to know that share; may be given several times', collect, [])
    .option('--forever', 'audits again and again, until it is ended', false)
    .action(async (options: AuditOptions) => onVerdict(await audit(env, options, say)));

  program
    .command('doctor')
    .description('checks everything that freshness depends on, and says how to mend it; exits 1 when a check fails')
    .option('--connect <url>', 'base URL of Kafka Connect (or CONNECT_URL)')
    .option('--connector <name>', 'name of the connector', 'freshet')
    .option('--publication <name>', 'name of the publication', 'freshet')
    .option('--slot <name>', 'name of the replication slot', 'freshet')
    .action(async (options: DoctorOptions) => onVerdict(await doctor(env, options, say)));

  program
    .command('replay')
    .description('applies the log again from an earlier place; deletes nothing that is newer than a change')
    .requiredOption('--from <place>', 'beginning, an offset, or a moment such as 2026-11-23T04:00:00Z')
    .option('--topic <name>', 'one topic only')
    .option('--partition <n>', 'one partition only', whole)
    .option('--invalidator <url>', 'base URL of the invalidator', INVALIDATOR)
    .action((options: ReplayOptions) => replay(env, options, say));

  return program;
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function count(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a whole number from 1 is needed');
}

function whole(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a whole number is needed');
}

function positive(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('a number above 0 is needed');
}
