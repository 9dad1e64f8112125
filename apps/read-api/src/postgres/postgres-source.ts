import {
  SourceUnavailable,
  type Source,
  type SourceRow,
  type SourceSession,
  type SqlValue,
  type Statement,
} from '@freshet/cache-engine';
import { type Pool, type PoolClient } from 'pg';
import { StalePlan } from '../errors.js';
import { failure } from './failures.js';
import { Plans } from './plans.js';

const BEGIN = { name: 'begin', text: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' };
/**
 * Sent behind BEGIN, without waiting for it. The snapshot is the transaction's own: REPEATABLE READ takes it for its first SELECT, before
 * any function runs. A standby has no log of its own to ask about.
 */
const SNAPSHOT = {
  name: 'snapshot',
  text: `SELECT pg_current_snapshot()::text
    || CASE WHEN pg_is_in_recovery() THEN '' ELSE '@' || (pg_current_wal_flush_lsn() - '0/0')::text END AS snapshot,
  pg_is_in_recovery()::text AS standby`,
};

/** Reads from PostgreSQL, every value as its text. */
export class PostgresSource implements Source {
  private readonly plans = new Plans();

  constructor(private readonly pool: Pool) {}

  async open(): Promise<SourceSession> {
    const client = await this.pool.connect().catch((cause: unknown) => {
      throw new SourceUnavailable(cause);
    });
    return this.session(client);
  }

  private session(client: PoolClient): SourceSession {
    let snapshot: string | undefined;
    let failed: { readonly by: unknown } | undefined;
    let closed = false;
    const began = begin(client).then(
      (taken) => void (snapshot = taken),
      (cause: unknown) => {
        failed ??= { by: new SourceUnavailable(cause) };
        throw failed.by;
      },
    );
    began.catch(() => undefined);
    const query = async (statement: Statement): Promise<readonly SourceRow[]> => {
      try {
        // Sent behind what was sent before, without waiting for it; a failed beginning is told first.
        const [, rows] = await Promise.all([began, this.send(client, statement)]);
        return rows;
      } catch (error) {
        // Of what comes behind it the server only says that the transaction is over. Nobody may have asked for what failed: it may be sent ahead.
        failed ??= { by: error };
        throw failed.by;
      }
    };
    const close = async (): Promise<void> => {
      if (closed) return;
      closed = true;
      await end(client, failed !== undefined);
    };
    return {
      get snapshot() {
        return snapshot;
      },
      query,
      close,
    };
  }

  private async send(client: PoolClient, { text, values }: Statement): Promise<readonly SourceRow[]> {
    const name = this.plans.nameOf(text);
    const config = { text, values: [...values] as SqlValue[], ...(name === undefined ? {} : { name }) };
    try {
      return (await client.query<SourceRow>(config)).rows;
    } catch (error) {
      const meaning = failure(error);
      if (meaning instanceof StalePlan) this.plans.forget();
      throw meaning;
    }
  }
}

async function begin(client: PoolClient): Promise<string | undefined> {
  const [, taken] = await Promise.all([client.query(BEGIN), client.query<Record<string, string>>(SNAPSHOT)]);
  const [row] = taken.rows;
  return row?.['standby'] === 'false' ? row['snapshot'] : undefined;
}

/** A connection that saw an error is thrown away: its transaction or its plans may be in any state. */
async function end(client: PoolClient, broken: boolean): Promise<void> {
  if (broken) return client.release(true);
  try {
    await client.query('COMMIT');
    client.release();
  } catch {
    client.release(true);
  }
}
