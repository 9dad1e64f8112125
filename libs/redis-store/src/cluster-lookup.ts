import { type Found, narrow } from '@freshet/cache-engine';
import { controlKeys } from '@freshet/cache-keys';
import { binaryCommand, type ClusterLane, command } from './cluster-lane.js';
import { CONTROL_FIELDS, ENTRY_FIELDS, parseControl, parseEntry } from './entry-fields.js';
import { type Asked } from './lookup-batch.js';
import { textOf } from './replies.js';

const { applied, control } = controlKeys;
const CONTROL = command('hmget', control, ...CONTROL_FIELDS);

/**
 * The control record and what is known of tokens, and only then the entries, all masters at once: whatever the record says is applied is
 * then true of the entries.
 */
export function askCluster(lane: ClusterLane): (together: readonly Asked[]) => Promise<readonly Found[]> {
  return async (together) => {
    const head = await lane.one(CONTROL);
    const named = together.filter(({ token }) => token !== undefined);
    const tokens = await lane.all(named.map(({ token = 0n }) => command('zscore', applied, String(narrow(token)))));
    const seen = new Map(named.map((asked, i) => [asked, textOf(tokens[i]?.value) !== undefined]));
    const entries = await lane.all(together.map(({ key }) => binaryCommand('hmget', key, ...ENTRY_FIELDS)));
    return together.map((asked, i) => {
      const reply = entries[i];
      const runs = [head.run, reply?.run ?? ''].join();
      return { ...parseEntry(reply?.value), ...parseControl(head.value, runs), applied: seen.get(asked) ?? true };
    });
  };
}
