import { fail, ok, warn, type Check } from './check.js';

interface Rights {
  readonly role: string;
  readonly superuser: boolean;
  readonly standby: boolean;
  /** Captured tables it may write to. */
  readonly writable: string | null;
  /** Captured tables of which it cannot read a single column. */
  readonly unreadable: string | null;
  /** Captured tables under row security: what it reads depends on who reads. */
  readonly secured: string | null;
}

const ROLES = 'run infra/postgres/30-roles.sql and connect as reader';

/** DATABASE_URL is the read API's own, so the role that is looked at is the one that reads. */
export const readerRole: Check = {
  name: 'reader role',
  async run({ database, publication }) {
    const { rows } = await database.query<Rights>(
      `SELECT current_user AS role, r.rolsuper AS superuser, pg_is_in_recovery() AS standby,
        string_agg(c.oid::regclass::text, ', ') FILTER (WHERE has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')) AS writable,
        string_agg(c.oid::regclass::text, ', ') FILTER (WHERE NOT has_any_column_privilege(c.oid, 'SELECT')) AS unreadable,
        string_agg(c.oid::regclass::text, ', ') FILTER (WHERE c.relrowsecurity AND NOT r.rolbypassrls) AS secured
       FROM pg_roles r LEFT JOIN pg_publication_tables t ON t.pubname = $1
        LEFT JOIN pg_class c ON c.oid = format('%I.%I', t.schemaname, t.tablename)::regclass
       WHERE r.rolname = current_user GROUP BY 1, 2, 3`,
      [publication],
    );
    const [rights] = rows;
    if (rights === undefined) return fail('no such role', ROLES);
    const { role, superuser, standby, writable, unreadable, secured } = rights;
    if (standby)
      return fail(
        'the database is a standby, whose snapshots leave out open transactions',
        'point DATABASE_URL at the primary',
      );
    if (superuser) return warn(`${role} is a superuser`, ROLES);
    if (unreadable !== null) return fail(`${role} cannot read ${unreadable}`, ROLES);
    if (secured !== null)
      return fail(
        `row security applies to ${secured}: such tables are not cached`,
        'lift it for the reading role, or leave them uncached',
      );
    if (writable !== null) return warn(`${role} may write to ${writable}`, ROLES);
    return ok(`${role} reads and cannot write`);
  },
};
