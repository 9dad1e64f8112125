import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

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

/** Files default to the recorded ones of this folder. @throws TypeError on an unknown option */
export function parityOptions(args: readonly string[]): ParityOptions {
  const file = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { schema: file, dataset: file, tokens: file, cases: file, fixes: file, twice: flag, serve: flag },
  });
  // npm changes to the root of the project; paths are meant from where the command was typed.
  const from = process.env['INIT_CWD'] ?? process.cwd();
  const path = (given: string | undefined, name: string): string =>
    given === undefined ? resolve(OWN_DATA, name) : resolve(from, given);
  return {
    schema: path(values.schema, 'schema.sql'),
    dataset: path(values.dataset, 'dataset.sql'),
    tokens: path(values.tokens, 'tokens.json'),
    cases: path(values.cases, 'cases.jsonl'),
    fixes: path(values.fixes, 'fixes.json'),
    twice: values.twice,
    serve: values.serve,
  };
}
