import { type EntryRead } from '@freshet/cache-engine';
import { viewOfKey } from '@freshet/cache-keys';
import {
  analyse,
  CATALOG_SQL,
  changeTags,
  compileMatcher,
  explain as explainFootprint,
  explainRefusal,
  explainVerdict,
  loadParser,
  parseCatalog,
  readTags,
  type Footprint,
} from '@freshet/footprint';
import { type StoreConnection } from '@freshet/redis-store';
import { type RowChange } from '@freshet/row-change';
import { OperatorError } from '../errors.js';
import { type Say } from '../output.js';
import { readChange } from '../row-change-text.js';
import { withDatabase, withStore } from '../sites.js';
import { readEntry } from '../store/entries.js';
import { footprintsNamed, footprintsOf, readFacts, type FactsOf } from '../store/knowledge.js';

export interface ExplainOptions {
  /** A row change as JSON. */
  readonly change?: string;
  /** A statement that need not be known to the store. */
  readonly sql?: string;
  readonly publication: string;
}

/** What a statement depends on; or what a row change would do to an entry, and why. */
export async function explain(
  env: NodeJS.ProcessEnv,
  target: string | undefined,
  { change, sql, publication }: ExplainOptions,
  say: Say,
): Promise<void> {
  if (sql !== undefined) return explainSql(env, sql, publication, say);
  if (target === undefined) throw new OperatorError('name a statement, an entry’s key, or give --sql');
  const rowChange = change === undefined ? undefined : readChange(change);
  await withStore(env, async (redis) => {
    if (viewOfKey(target) === undefined) return explainStatements(redis, target, say);
    return rowChange === undefined ? explainEntry(redis, target, say) : tryOnEntry(redis, target, rowChange, say);
  });
}

async function explainSql(env: NodeJS.ProcessEnv, text: string, publication: string, say: Say): Promise<void> {
  await loadParser();
  const catalog = await withDatabase(env, async (client) =>
    parseCatalog((await client.query<{ catalog: string }>(CATALOG_SQL)).rows, publication),
  );
  const analysis = analyse({ name: 'statement', text }, catalog);
  if (analysis.kind === 'cacheable') return explainFootprint(analysis.footprint).forEach(say);
  say('cannot be cached:');
  for (const refusal of analysis.reasons) say(`  ${explainRefusal(refusal)}`);
}

async function explainStatements(redis: StoreConnection, name: string, say: Say): Promise<void> {
  const footprints = await footprintsNamed(redis, name);
  if (footprints.length === 0) throw new OperatorError(`the store knows no statement "${name}"`);
  for (const footprint of footprints) explainFootprint(footprint).forEach(say);
}

async function explainEntry(redis: StoreConnection, key: string, say: Say): Promise<void> {
  const entry = await readEntry(redis, key);
  if (entry === undefined) throw new OperatorError(`nothing is stored at ${key}`);
  const reads = entry.reads ?? [];
  const footprints = await footprintsOf(redis, [...new Set(reads.map((read) => read.statement))]);
  for (const { statement, values } of reads) {
    const footprint = footprints.get(statement);
    if (footprint === undefined) say(`${statement} is not known: any change deletes the entry`);
    else explainFootprint(footprint, values).forEach(say);
  }
}

/** The same decisions as the invalidator takes: is the entry listed under a tag of the change, and does a read of it mind. */
async function tryOnEntry(redis: StoreConnection, key: string, change: RowChange, say: Say): Promise<void> {
  const entry = await readEntry(redis, key);
  if (entry === undefined) throw new OperatorError(`nothing is stored at ${key}`);
  if (entry.reads === undefined) return say('deleted: its reads are not known');
  const footprints = await footprintsOf(redis, [...new Set(entry.reads.map((read) => read.statement))]);
  const factsOf = await readFacts(redis);
  const verdicts = entry.reads.map((read) => tryOnRead(read, footprints.get(read.statement), change, factsOf));
  verdicts.forEach(({ statement, text }) => say(`${statement}: ${text}`));
  say(verdicts.some(({ deletes }) => deletes) ? `${key} is deleted` : `${key} is kept`);
}

interface ReadVerdict {
  readonly statement: string;
  readonly text: string;
  readonly deletes: boolean;
}

function tryOnRead(
  { statement, values }: EntryRead,
  footprint: Footprint | undefined,
  change: RowChange,
  factsOf: FactsOf,
): ReadVerdict {
  if (footprint === undefined) return { statement, text: 'deleted: the statement is not known', deletes: true };
  const { tags, schemes } = readTags(footprint, values);
  const facts = factsOf(change.table);
  const ofTable = schemes.filter((scheme) => scheme.table === (facts?.root ?? change.table.table));
  const touched = changeTags(ofTable, change, facts);
  const shared = touched === 'whole-table' ? [] : touched.filter((tag) => tags.includes(tag));
  if (touched !== 'whole-table' && shared.length === 0) {
    return { statement, text: 'kept: not listed under any tag of the change', deletes: false };
  }
  const verdict = compileMatcher(footprint).bind(values)([change], factsOf);
  const found = touched === 'whole-table' ? 'found with the whole table' : `found under ${shared.join(', ')}`;
  return { statement, text: `${explainVerdict(verdict)} (${found})`, deletes: verdict.matters };
}
