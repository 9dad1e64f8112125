import type { Catalog, TableFacts } from '@freshet/footprint';
import type { Entry } from '../case.js';
import type { Session } from '../session.js';
import { identifier, relation, rowLiteral, stored, type WholeRow } from './images.js';
import { executed } from './scans.js';

/** Whether PostgreSQL answers the same with the row and without it; undefined where the table does not take the row. */
export async function leavesAnswerAlone(
  session: Session,
  entry: Entry,
  row: WholeRow,
  catalog: Catalog,
): Promise<boolean | undefined> {
  const facts = catalog.tables.get(row.table) as TableFacts;
  const columns = stored(facts).map(identifier).join(', ');
  const key = facts.primaryKey.map(identifier).join(', ');
  const literal = `(SELECT (${rowLiteral(row, facts)}).*) AS image`;
  await session.run('BEGIN; SET LOCAL session_replication_role = replica');
  try {
    if (key !== '')
      await session.run(`DELETE FROM ${relation(facts)} WHERE (${key}) IN (SELECT ${key} FROM ${literal})`);
    const without = await answer(session, entry);
    await session.run(
      `INSERT INTO ${relation(facts)} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM ${literal}`,
    );
    return (await answer(session, entry)) === without;
  } catch {
    return undefined;
  } finally {
    await session.run('ROLLBACK');
  }
}

async function answer(session: Session, entry: Entry): Promise<string> {
  await session.run(`DEALLOCATE ALL; PREPARE planned AS ${entry.sql}`);
  const { rows } = await session.client.query({ text: executed(entry), rowMode: 'array' });
  const lines = rows.map((r) => JSON.stringify(r));
  return JSON.stringify(entry.order === 'list' ? lines : lines.sort());
}
