import type { RowChange } from '@freshet/row-change';
import { CATALOG_SQL, parseCatalog, type Catalog } from '@freshet/footprint';
import { Client, type QueryResult } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { Case, Change, Step } from './case.js';
import { PgOutput, type Message } from './pgoutput.js';
import type { TransactionNews } from './product.js';
import { EVENT_TRIGGERS, tablesOf, type DdlMessage } from './schema-news.js';

const SLOT = 'freshet_conformance';
export const PUBLICATION = 'freshet_conformance';

/** What a case may set otherwise; the log is read under these. */
const PLAIN = `RESET search_path; SET timezone = 'UTC'; SET datestyle = 'ISO, MDY'; RESET intervalstyle; RESET bytea_output;
  RESET extra_float_digits; RESET transform_null_equals; RESET standard_conforming_strings`;

const CAPTURED = `SELECT n.nspname AS schema, c.relname AS table, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'freshet_meta')`;

/** One connection on which cases are set up and changed, and the log of what their transactions did. */
export class Session {
  private begun = 0;

  private constructor(readonly client: Client) {}

  static async open(url: string): Promise<Session> {
    const client = new Client({ connectionString: url });
    await client.connect();
    const session = new Session(client);
    await session.run(`SET client_min_messages = error; SET statement_timeout = '60s'; SET jit = off`);
    await session.reset();
    await session.run(
      `SELECT pg_drop_replication_slot('${SLOT}') FROM pg_replication_slots WHERE slot_name = '${SLOT}'; DROP PUBLICATION IF EXISTS ${PUBLICATION}; CREATE PUBLICATION ${PUBLICATION} FOR ALL TABLES`,
    );
    await session.run(`SELECT pg_create_logical_replication_slot('${SLOT}', 'pgoutput')`);
    return session;
  }

  async close(): Promise<void> {
    await this.run(`SELECT pg_drop_replication_slot('${SLOT}')`);
    await this.client.end();
  }

  async run(sql: string): Promise<QueryResult> {
    return this.client.query(sql);
  }

  /** An empty database: schema, rows and replica identities of the case, and nothing in the log yet. */
  async begin(c: Case, schemas: ReadonlyMap<string, string>): Promise<void> {
    await this.reset();
    const ddl = typeof c.schema === 'string' ? [schemas.get(c.schema) ?? unknownSchema(c.schema)] : c.schema;
    for (const sql of [...ddl, ...(c.setup ?? [])]) await this.run(sql);
    await this.identities(c);
    await this.run(EVENT_TRIGGERS);
    // The log is read again from the last checkpoint before the slot's place: without one each case reads those of all cases before it.
    this.begun += 1;
    if (this.begun % 10 === 0) await this.run('CHECKPOINT');
    await this.run(`SELECT pg_replication_slot_advance('${SLOT}', pg_current_wal_lsn())`);
  }

  async catalog(): Promise<Catalog> {
    const { rows } = await this.run(CATALOG_SQL);
    return parseCatalog(rows as { catalog: string }[]);
  }

  async identities(c: Case): Promise<void> {
    const { rows } = await this.run(CAPTURED);
    const wanted = (rows as { schema: string; table: string; name: string }[]).map(({ schema, table, name }) => {
      const modes = c.replica_identity ?? {};
      const mode =
        (schema === 'public' ? modes[table] : undefined) ?? modes[name] ?? modes[`${schema}.${table}`] ?? 'full';
      return `ALTER TABLE ${name} REPLICA IDENTITY ${mode.startsWith('index:') ? `USING INDEX ${mode.slice(6)}` : mode}`;
    });
    if (wanted.length > 0) await this.run(wanted.join(';'));
  }

  /** @returns the transaction's number, or undefined where it left nothing. */
  async apply(change: Change): Promise<number | undefined> {
    await this.run('BEGIN');
    try {
      for (const step of change.transaction) await this.step(step);
    } catch (error) {
      await this.run('ROLLBACK');
      if (change.end === 'error') return undefined;
      throw error;
    }
    const { rows } = await this.run('SELECT pg_current_xact_id_if_assigned()::text AS xid');
    await this.run(change.end === undefined ? 'COMMIT' : 'ROLLBACK');
    const xid = (rows as { xid: string | null }[])[0]?.xid;
    return xid === null || xid === undefined || change.end !== undefined
      ? undefined
      : Number(BigInt(xid) & 0xffffffffn);
  }

  private async step(step: Step): Promise<void> {
    if (typeof step === 'string') await this.run(step);
    else await pipeline(Readable.from([step.rows]), this.client.query(copyFrom(step.copy)));
  }

  /** What the log says of every transaction since the last call, by transaction number. */
  async news(): Promise<ReadonlyMap<number, TransactionNews>> {
    await this.run(PLAIN);
    const { rows } = await this.run(
      `SELECT data FROM pg_logical_slot_get_binary_changes('${SLOT}', NULL, NULL, 'proto_version', '1', 'publication_names', '${PUBLICATION}', 'messages', 'true')`,
    );
    const output = new PgOutput();
    const messages = (rows as { data: Buffer }[]).flatMap(({ data }) => output.decode(data) ?? []);
    return new Map(transactions(messages).map(([xid, own]) => [xid, newsOf(own, xid)]));
  }

  private async reset(): Promise<void> {
    await this.run(`ROLLBACK; DISCARD TEMP; ${PLAIN}`);
    const triggers = await this.run('SELECT quote_ident(evtname) AS name FROM pg_event_trigger');
    const schemas = await this.run(
      `SELECT quote_ident(nspname) AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'`,
    );
    const names = (result: QueryResult) => (result.rows as { name: string }[]).map((r) => r.name);
    for (const name of names(triggers)) await this.run(`DROP EVENT TRIGGER ${name}`);
    for (const name of names(schemas)) await this.run(`DROP SCHEMA ${name} CASCADE`);
    await this.run('CREATE SCHEMA public');
  }
}

function unknownSchema(name: string): never {
  throw new Error(`no schema named ${name} in any of the folders`);
}

function transactions(messages: readonly Message[]): readonly (readonly [number, readonly Message[]])[] {
  const all: [number, Message[]][] = [];
  for (const m of messages) {
    if (m.kind === 'begin') all.push([m.xid, []]);
    else all.at(-1)?.[1].push(m);
  }
  return all;
}

function newsOf(messages: readonly Message[], xid: number): TransactionNews {
  const rows = messages.flatMap((m) => (m.kind === 'row' ? [rowChange(m, xid)] : []));
  const truncated = messages.flatMap((m) =>
    m.kind === 'truncate' ? m.tables.map(({ schema, table }) => ({ schema, table })) : [],
  );
  const ddl = messages.flatMap((m) =>
    m.kind === 'message' && m.prefix === 'freshet:ddl' ? [JSON.parse(m.content) as DdlMessage] : [],
  );
  return { rows, truncated, schema: ddl.length === 0 ? undefined : tablesOf(ddl) };
}

function rowChange(m: Extract<Message, { kind: 'row' }>, xid: number): RowChange {
  const { schema, table } = m.table;
  return {
    kind: 'row',
    op: m.op,
    table: { schema, table },
    before: m.before,
    after: m.after,
    xid,
    commitMs: 0,
    lsn: undefined,
  };
}
