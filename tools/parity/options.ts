import { resolve } from 'node:path';
import { Command } from 'commander';

const OWN_DATA = 'tools/parity/data';

export interface ParityOptions {
  readonly schema: string;
  readonly dataset: string;
  readonly tokens: string;
  readonly cases: string;
  readonly fixes: string;
  /** Ask everything a second time: it must come from the cache, and be the same. */
  readonly twice: boolean;
  /** Start, say where, and stay. */
  readonly serve: boolean;
}

/** Files default to the recorded ones of this folder. `--help` and an unknown option end the process. */
export function parityOptions(args: readonly string[]): ParityOptions {
  // npm changes to the root of the project; paths are meant from where the command was typed.
  const from = process.env['INIT_CWD'] ?? process.cwd();
  const given = (path: string): string => resolve(from, path);
  const own = (name: string): string => resolve(OWN_DATA, name);
  return new Command('npm run parity --')
    .description('Asks the read API what was asked of the original, and compares the answers.')
    .option('--schema <file>', 'SQL of the tables', given, own('schema.sql'))
    .option('--dataset <file>', 'SQL of the rows', given, own('dataset.sql'))
    .option('--tokens <file>', 'secret key and Authorization headers', given, own('tokens.json'))
    .option('--cases <file>', 'recorded requests and answers', given, own('cases.jsonl'))
    .option('--fixes <file>', 'where the contract departs from them', given, own('fixes.json'))
    .option('--twice', 'ask everything twice: the second answer must come from the cache', false)
    .option('--serve', 'compare nothing: print `ready <url>` and stay until SIGTERM', false)
    .parse(args, { from: 'user' })
    .opts<ParityOptions>();
}
