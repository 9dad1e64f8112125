import { type Tag } from '@freshet/cache-keys';
import { coalesce, type TagsOfChange } from '@freshet/footprint';
import { type RowChange, type TableRef } from '@freshet/row-change';
import { type Knowledge } from './knowledge.js';

/** Where the entries are listed that the row changes of a slice may concern. */
export interface Candidates {
  readonly tags: readonly Tag[];
  /** Tables of which any entry may be meant. */
  readonly wipes: readonly TableRef[];
  /** A table of which nothing is known. */
  readonly unknown: TableRef | undefined;
  /** By which changes an entry that is listed there is to be judged; none where what was tagged so was never visible. */
  readonly changesUnder: (tags: readonly Tag[]) => readonly RowChange[];
}

type Transactions = readonly (readonly RowChange[])[];
type ByTag = ReadonlyMap<Tag, readonly RowChange[]>;

/**
 * Tags come from the changes as logged, which most often finds nobody. Those of one row are put together only when somebody is to be
 * judged by several: what is left of them then has no other tags. Where a single one has its tags, no other of the row can undo it there.
 */
export function candidatesOf(transactions: Transactions, knowledge: Knowledge): Candidates {
  const logged = tagsOf(transactions, knowledge);
  // Of an unknown value the changes of the row beside it may tell.
  if (logged.wipes.size > 0) return settled(transactions, knowledge);
  let byTag: ByTag | undefined;
  const settle = (): ByTag => {
    const netted = netOf(transactions, knowledge);
    // Nothing was put together, as in most slices.
    if (netted.every((changes, i) => changes.length === transactions[i]?.length)) return logged.tags;
    const net = tagsOf(netted, knowledge);
    return net.wipes.size === 0 ? net.tags : logged.tags;
  };
  return {
    tags: [...logged.tags.keys()],
    wipes: [],
    unknown: logged.unknown,
    changesUnder: (tags) => {
      const found = changesOf(tags, logged.tags);
      return found.length < 2 ? found : changesOf(tags, (byTag ??= settle()));
    },
  };
}

/** Each once. */
function changesOf(tags: readonly Tag[], byTag: ByTag): readonly RowChange[] {
  const [first, ...others] = tags;
  const found = (first && byTag.get(first)) ?? [];
  return others.length === 0 ? found : [...new Set([found, ...others.map((tag) => byTag.get(tag) ?? [])].flat())];
}

function settled(transactions: Transactions, knowledge: Knowledge): Candidates {
  const { tags, wipes, unknown } = tagsOf(netOf(transactions, knowledge), knowledge);
  return {
    tags: [...tags.keys()],
    wipes: [...wipes.values()],
    unknown,
    changesUnder: (listed) => changesOf(listed, tags),
  };
}

function netOf(transactions: Transactions, { factsOf }: Knowledge): Transactions {
  return transactions.map((changes) => coalesce(changes, factsOf));
}

interface Tagged {
  readonly tags: Map<Tag, RowChange[]>;
  readonly wipes: Map<string, TableRef>;
  readonly unknown: TableRef | undefined;
}

function tagsOf(transactions: Transactions, knowledge: Knowledge): Tagged {
  const tags = new Map<Tag, RowChange[]>();
  const wipes = new Map<string, TableRef>();
  let unknown: TableRef | undefined;
  // Changes of one table come in runs.
  let last: TableRef | undefined;
  let tagsOfLast: TagsOfChange = () => [];
  for (const changes of transactions) {
    for (const change of changes) {
      const { table } = change;
      if (table !== last) {
        last = table;
        tagsOfLast = knowledge.tagsOf(table);
        if (knowledge.factsOf(table) === undefined) unknown = table;
      }
      const found = tagsOfLast(change);
      if (found === 'whole-table') wipes.set(`${table.schema}.${table.table}`, table);
      else for (const tag of found) addTo(tags, tag, change);
    }
  }
  return { tags, wipes, unknown };
}

function addTo(tags: Map<Tag, RowChange[]>, tag: Tag, change: RowChange): void {
  if (tags.get(tag)?.push(change) === undefined) tags.set(tag, [change]);
}
