import { controlKeys, parseScheme, type TableName } from '@freshet/cache-keys';
import { compileMatcher, readTags } from '@freshet/footprint';
import { readEntry, someEntryKeys } from '../store/entries.js';
import { footprintsOf } from '../store/knowledge.js';
import { fail, ok, warn, type Check, type Patient } from './check.js';

const SAMPLE = 50;

export const evictionPolicy: Check = {
  name: 'Redis memory',
  async run({ redis }) {
    const info = await redis.info('memory');
    const field = (name: string): string => new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim() ?? '';
    const policy = field('maxmemory_policy');
    const mend =
      'CONFIG SET maxmemory-policy volatile-lru: entries carry an expiry and go first, the index carries none';
    if (policy.startsWith('allkeys-')) return fail(`${policy} evicts the index before the entries it finds`, mend);
    if (field('maxmemory') === '0')
      return warn('no maxmemory: the cache may take all memory of the host', 'CONFIG SET maxmemory');
    if (policy === 'noeviction') return warn('noeviction: once full, nothing new is kept', mend);
    return ok(`${policy}, ${field('used_memory_human')} of ${field('maxmemory_human')}`);
  },
};

/** The read API lists an entry under tags, the invalidator looks tags up: both must come to the same names. */
export const keyAgreement: Check = {
  name: 'key agreement',
  async run(patient) {
    const schemes = await patient.redis.smembers(controlKeys.schemes);
    const foreign = schemes.filter((text) => {
      const at = text.indexOf(':');
      return parseScheme(text.slice(0, at) as TableName, text.slice(at + 1)) === undefined;
    });
    if (foreign.length > 0) {
      return fail(
        `schemes that this version cannot read: ${foreign.slice(0, 3).join(', ')}`,
        'run invalidator and freshet in the version of the read API or later',
      );
    }
    const keys = await someEntryKeys(patient.redis, SAMPLE);
    for (const key of keys) {
      const unlisted = await unlistedTag(patient, key);
      if (unlisted !== undefined) {
        return fail(
          `${key} is not listed under ${unlisted}`,
          'run all services in one version, then: freshet invalidate --all',
        );
      }
    }
    return ok(`${schemes.length} schemes understood, ${keys.length} entries listed where a change looks for them`);
  },
};

async function unlistedTag({ redis }: Patient, key: string): Promise<string | undefined> {
  const entry = await readEntry(redis, key);
  if (entry?.kind !== 'entry') return undefined;
  const reads = entry.reads ?? [];
  const footprints = await footprintsOf(redis, [...new Set(reads.map((read) => read.statement))]);
  for (const { statement, values } of reads) {
    const footprint = footprints.get(statement);
    if (footprint === undefined) return `any tag of ${statement}, which the store does not know`;
    compileMatcher(footprint);
    for (const tag of readTags(footprint, values).tags) {
      if ((await redis.zscore(tag, key)) === null && (await redis.exists(key)) === 1) return tag;
    }
  }
  return undefined;
}
