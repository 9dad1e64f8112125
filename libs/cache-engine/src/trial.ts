import { type StatementId } from '@freshet/cache-keys';
import { type Matcher, type TableFacts, type Verdict } from '@freshet/footprint';
import { type RowChange, type TableRef } from '@freshet/row-change';
import { parseSnapshot, type PgSnapshot, seesLogged } from './snapshot.js';
import { type EntryRead, type Standing } from './store.js';

const MATTERS = (because: string): Verdict => ({ matters: true, because });

/**
 * Whether what stands at a key must go because of these changes. Pure. A lease is judged by its reads alone: nothing is known of
 * its snapshot yet.
 */
export function judgeStanding(
  standing: Exclude<Standing, { kind: 'gone' }>,
  changes: readonly RowChange[],
  matchers: ReadonlyMap<StatementId, Matcher>,
  factsOf: (table: TableRef) => TableFacts | undefined,
): Verdict {
  if (standing.reads === undefined) return MATTERS('its reads are not known');
  const news = standing.kind === 'entry' ? unseen(standing.snapshot, changes) : changes;
  if (news.length === 0) return { matters: false, because: 'its snapshot sees the change' };
  let kept: Verdict = { matters: false, because: 'it reads nothing' };
  for (const read of standing.reads) {
    const verdict = judgeRead(read, news, matchers, factsOf);
    if (verdict.matters) return verdict;
    kept = verdict;
  }
  return kept;
}

/** Those whose matchers a trial needs. */
export function statementsOf(standings: readonly Standing[]): StatementId[] {
  return standings.flatMap((s) => (s.kind === 'gone' ? [] : (s.reads ?? []).map((read) => read.statement)));
}

function judgeRead(
  read: EntryRead,
  changes: readonly RowChange[],
  matchers: ReadonlyMap<StatementId, Matcher>,
  factsOf: (table: TableRef) => TableFacts | undefined,
): Verdict {
  const matcher = matchers.get(read.statement);
  if (matcher === undefined) return MATTERS(`statement ${read.statement} is not known`);
  return matcher.bind(read.values)(changes, factsOf);
}

/** Entries that were loaded together often have the same. */
let last: { readonly text: string; readonly snapshot: PgSnapshot | undefined } | undefined;

function unseen(snapshotText: string, changes: readonly RowChange[]): readonly RowChange[] {
  if (last?.text !== snapshotText) last = { text: snapshotText, snapshot: parseSnapshot(snapshotText) };
  const { snapshot } = last;
  if (snapshot === undefined) return changes;
  return changes.filter((change) => !seesLogged(snapshot, change));
}
