import type { TableRef } from '@freshet/row-change';

/** Tells of schema changes in the log, in their place among the rows. */
export const EVENT_TRIGGERS = `
CREATE SCHEMA freshet_meta;
CREATE FUNCTION freshet_meta.ddl() RETURNS event_trigger LANGUAGE plpgsql AS $f$
DECLARE c record;
BEGIN
  FOR c IN SELECT * FROM pg_event_trigger_ddl_commands() LOOP
    PERFORM pg_logical_emit_message(true, 'freshet:ddl', json_build_object('tag', c.command_tag, 'type', c.object_type, 'tables', (
      SELECT coalesce(json_agg(json_build_array(n.nspname, r.relname)), '[]') FROM pg_class r JOIN pg_namespace n ON n.oid = r.relnamespace
      WHERE c.classid = 'pg_class'::regclass AND (r.oid = c.objid OR r.oid = (SELECT i.indrelid FROM pg_index i WHERE i.indexrelid = c.objid))
        AND r.relkind IN ('r', 'p', 'v', 'm')))::text);
  END LOOP;
END $f$;
CREATE FUNCTION freshet_meta.dropped() RETURNS event_trigger LANGUAGE plpgsql AS $f$
DECLARE d record;
BEGIN
  FOR d IN SELECT * FROM pg_event_trigger_dropped_objects()
    WHERE object_type IN ('table', 'view') OR (original AND object_type IN ('function', 'schema', 'type')) LOOP
    PERFORM pg_logical_emit_message(true, 'freshet:ddl', json_build_object('tag', 'DROP', 'type', d.object_type, 'tables',
      CASE WHEN d.object_type IN ('table', 'view') THEN json_build_array(json_build_array(d.schema_name, d.object_name)) ELSE '[]' END)::text);
  END LOOP;
END $f$;
CREATE EVENT TRIGGER freshet_ddl ON ddl_command_end EXECUTE FUNCTION freshet_meta.ddl();
CREATE EVENT TRIGGER freshet_dropped ON sql_drop EXECUTE FUNCTION freshet_meta.dropped();`;

export interface DdlMessage {
  readonly tag: string;
  readonly type: string;
  readonly tables: readonly (readonly [string, string])[];
}

/** An object that is no table (a function, a type, a schema) may be used by any statement. */
export function tablesOf(ddl: readonly DdlMessage[]): readonly TableRef[] {
  if (ddl.some((d) => d.tables.length === 0 && !HARMLESS.has(d.type))) return [];
  const tables = ddl.flatMap((d) => d.tables.map(([schema, table]) => ({ schema, table })));
  return tables.length === 0 ? [{ schema: 'pg_catalog', table: 'nothing' }] : tables;
}

/** Sequences and what hangs on tables of its own: no answer changes by them. */
const HARMLESS = new Set([
  'sequence',
  'trigger',
  'rule',
  'toast table',
  'publication',
  'default value',
  'statistics object',
]);
