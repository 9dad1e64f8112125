import type { Entry } from '../case.js';
import type { Session } from '../session.js';
import type { RandomChange } from './changes.js';
import { literal } from './world.js';

/** Without the statements that PostgreSQL refuses. */
export async function performValid(
  session: Session,
  fresh: readonly string[],
  made: readonly Entry[],
  changes: readonly RandomChange[],
): Promise<{ entries: readonly Entry[]; moments: readonly Moment[] }> {
  const attempt = async (entries: readonly Entry[]) => {
    try {
      return await perform(session, fresh, entries, changes);
    } catch {
      await session.run('ROLLBACK; DEALLOCATE ALL');
      return undefined;
    }
  };
  const moments = await attempt(made);
  if (moments !== undefined) return { entries: made, moments };
  const entries: Entry[] = [];
  for (const e of made) if ((await attempt([e])) !== undefined) entries.push(e);
  // Fails, and says how, where it is the rows or the changes that are refused.
  const valid = await perform(session, fresh, entries, changes);
  if (entries.length === 0) throw new Error(`every statement is refused:\n${made.map((e) => e.sql).join('\n')}`);
  return { entries, moments: valid };
}

interface Moment {
  /** Of the transaction that led here; undefined where it left nothing. */
  readonly xid: number | undefined;
  /** The answers of all entries, each as one text. */
  readonly answers: Readonly<Record<string, string | null>>;
}

/** All of a case in one message to the server, for what costs is waiting for it: the rows to start from, then each transaction, answers after each. */
async function perform(
  session: Session,
  fresh: readonly string[],
  entries: readonly Entry[],
  changes: readonly RandomChange[],
): Promise<readonly Moment[]> {
  const transactions = [{ transaction: fresh }, ...changes].map(({ transaction, end }: RandomChange) => [
    'BEGIN',
    ...transaction,
    `SELECT pg_current_xact_id_if_assigned()::text AS xid`,
    end === undefined ? 'COMMIT' : 'ROLLBACK',
    'EXECUTE answers',
  ]);
  const script = [`PREPARE answers AS ${answersOf(entries)}`, ...transactions.flat(), 'DEALLOCATE answers'];
  const results = (await session.run(script.join(';\n'))) as unknown as { rows: Record<string, string | null>[] }[];
  let at = 1;
  return transactions.map((own, i) => {
    at += own.length;
    const [xid, , answers] = results.slice(at - 3, at).map(({ rows }) => rows[0] ?? {});
    const kept = i > 0 && changes[i - 1]?.end === undefined ? xid?.['xid'] : undefined;
    return { xid: typeof kept === 'string' ? Number(BigInt(kept) & 0xffffffffn) : undefined, answers: answers ?? {} };
  });
}

function inlined({ sql, params }: Entry): string {
  return sql.replace(/\$(\d+)/g, (_, n: string) => literal((params?.[Number(n) - 1] as string | null) ?? undefined));
}

function answersOf(entries: readonly Entry[]): string {
  const one = (e: Entry) =>
    `(SELECT md5(string_agg(x::text, '|'${e.order === 'list' ? '' : ' ORDER BY x::text'})) FROM (${inlined(e)}) x) AS ${e.id}`;
  return `SELECT ${['1 AS asked', ...entries.map(one)].join(', ')}`;
}
