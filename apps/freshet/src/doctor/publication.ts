import { controlKeys } from '@freshet/cache-keys';
import { type Footprint } from '@freshet/footprint';
import { fail, ok, warn, type Check, type Patient } from './check.js';

interface Publication {
  readonly pubinsert: boolean;
  readonly pubupdate: boolean;
  readonly pubdelete: boolean;
  readonly pubtruncate: boolean;
}

const SQL_SCRIPT = 'run infra/postgres/40-publication.sql';

export const walLevel: Check = {
  name: 'wal level',
  async run({ database }) {
    const { rows } = await database.query<{ wal_level: string }>('SHOW wal_level');
    const level = rows[0]?.wal_level ?? 'unknown';
    return level === 'logical'
      ? ok(level)
      : fail(`${level}: nothing can be decoded`, 'set wal_level = logical and restart PostgreSQL');
  },
};

export const operations: Check = {
  name: 'publication',
  async run({ database, publication }) {
    const { rows } = await database.query<Publication>(
      'SELECT pubinsert, pubupdate, pubdelete, pubtruncate FROM pg_publication WHERE pubname = $1',
      [publication],
    );
    const [found] = rows;
    if (found === undefined) return fail(`there is no publication ${publication}`, SQL_SCRIPT);
    const missing = Object.entries(found)
      .filter(([, on]) => !on)
      .map(([name]) => name.slice('pub'.length));
    if (missing.length === 0) return ok(`${publication} publishes insert, update, delete and truncate`);
    const mend = `ALTER PUBLICATION ${publication} SET (publish = 'insert, update, delete, truncate')`;
    return fail(`${publication} leaves out ${missing.join(', ')}`, mend);
  },
};

/** Tables that statements read, by the footprints in the store. */
async function tablesRead({ redis }: Patient): Promise<readonly string[]> {
  const texts = await redis.hvals(controlKeys.footprints);
  const footprints = texts.map((text) => JSON.parse(text) as Footprint);
  return [...new Set(footprints.flatMap((footprint) => footprint.occurrences.flatMap((o) => o.members)))];
}

export const capturedTables: Check = {
  name: 'captured tables',
  async run(patient) {
    const { rows } = await patient.database.query<{ name: string; part: boolean }>(
      `SELECT CASE WHEN t.schemaname = 'public' THEN t.tablename ELSE t.schemaname || '.' || t.tablename END AS name,
              t.rowfilter IS NOT NULL OR array_length(t.attnames, 1) < (SELECT count(*) FROM pg_attribute a
                WHERE a.attrelid = format('%I.%I', t.schemaname, t.tablename)::regclass AND a.attnum > 0 AND NOT a.attisdropped) AS part
       FROM pg_publication_tables t WHERE t.pubname = $1`,
      [patient.publication],
    );
    const published = new Map(rows.map(({ name, part }) => [name, part]));
    const read = await tablesRead(patient);
    const missing = read.filter((table) => !published.has(table));
    if (missing.length > 0) {
      return fail(
        `read but not published: ${missing.join(', ')}`,
        `ALTER PUBLICATION ${patient.publication} ADD TABLE ${missing.join(', ')}`,
      );
    }
    const inPart = rows.filter(({ part }) => part).map(({ name }) => name);
    if (inPart.length > 0)
      return fail(`published in part: ${inPart.join(', ')}`, 'publish these tables without column list and row filter');
    return ok(`${published.size} published whole, ${read.length} of them read by statements`);
  },
};

export const replicaIdentity: Check = {
  name: 'replica identity',
  async run({ database, publication }) {
    const { rows } = await database.query<{ name: string }>(
      `SELECT format('%I.%I', t.schemaname, t.tablename) AS name FROM pg_publication_tables t
       JOIN pg_class c ON c.oid = format('%I.%I', t.schemaname, t.tablename)::regclass
       WHERE t.pubname = $1 AND c.relreplident <> 'f' ORDER BY 1`,
      [publication],
    );
    if (rows.length === 0) return ok('FULL for every published table');
    const names = rows.map(({ name }) => name);
    const mend = names.map((name) => `ALTER TABLE ${name} REPLICA IDENTITY FULL`).join('; ');
    return warn(`not FULL: ${names.join(', ')}; changes there delete more than they need`, mend);
  },
};

export const eventTriggers: Check = {
  name: 'schema changes',
  async run({ database }) {
    const { rows } = await database.query<{ evtname: string; evtenabled: string }>(
      "SELECT evtname, evtenabled FROM pg_event_trigger WHERE evtname IN ('freshet_ddl', 'freshet_drop')",
    );
    const on = rows.filter(({ evtenabled }) => evtenabled === 'O' || evtenabled === 'A').map(({ evtname }) => evtname);
    if (on.length === 2) return ok('both event triggers are on');
    return fail(
      'the event triggers that log schema changes are missing or off',
      'run infra/postgres/50-schema-changes.sql',
    );
  },
};
