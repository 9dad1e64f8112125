import { type Client } from 'pg';

export type Sql = readonly [text: string, ...values: readonly unknown[]];

/**
 * Writes as the original does: a request is a row of commits, most of one statement, and its answer names the last transaction that wrote
 * something.
 */
export class Original {
  constructor(private readonly client: Client) {}

  /** One request: each argument is one commit. Resolves to the token, when the answer would be sent. */
  async request(...commits: readonly (Sql | readonly Sql[])[]): Promise<bigint> {
    let token = 0n;
    for (const commit of commits) {
      const xid = await this.commit(isSql(commit) ? [commit] : commit);
      if (xid !== null && BigInt(xid) > token) token = BigInt(xid);
    }
    return token;
  }

  /** An id that no row has yet. */
  async nextId(table: string): Promise<number> {
    const { rows } = await this.client.query<{ id: string }>(`SELECT nextval(pg_get_serial_sequence($1, 'id')) AS id`, [
      table,
    ]);
    return Number(rows[0]?.id);
  }

  private async commit(statements: readonly Sql[]): Promise<string | null> {
    await this.client.query('BEGIN');
    for (const [text, ...values] of statements) await this.client.query(text, values);
    const { rows } = await this.client.query<{ xid: string | null }>(
      'SELECT pg_current_xact_id_if_assigned()::text AS xid',
    );
    await this.client.query('COMMIT');
    return rows[0]?.xid ?? null;
  }
}

function isSql(commit: Sql | readonly Sql[]): commit is Sql {
  return typeof commit[0] === 'string';
}
