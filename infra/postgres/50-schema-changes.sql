-- Schema changes, in their place in the log: a message that commits with the command, read by the connector as op `m`:
--   {"command": "ALTER TABLE", "tables": [{"schema": "public", "table": "billing_invoice"}]}
-- An empty list means that the command named no table and any table may be affected (a function, a type, the publication).
-- Left unsaid are the commands known to change nothing that a SELECT returns, and whatever happens to temporary tables.

DROP EVENT TRIGGER IF EXISTS freshet_ddl;
DROP EVENT TRIGGER IF EXISTS freshet_drop;

CREATE OR REPLACE FUNCTION freshet_on_ddl() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  touched bigint;
  unnamed bigint;
  named   jsonb;
BEGIN
  SELECT count(*), count(*) FILTER (WHERE c.oid IS NULL),
         jsonb_agg(DISTINCT jsonb_build_object('schema', n.nspname, 'table', c.relname)) FILTER (WHERE c.oid IS NOT NULL)
  INTO touched, unnamed, named
  FROM pg_event_trigger_ddl_commands() d
  LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
  LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE d.object_type NOT IN ('index', 'sequence', 'statistics object')
    AND d.command_tag NOT IN ('COMMENT', 'CREATE SCHEMA', 'GRANT', 'REVOKE', 'ALTER DEFAULT PRIVILEGES', 'SECURITY LABEL')
    AND d.schema_name IS DISTINCT FROM 'pg_temp';

  IF touched > 0 THEN
    PERFORM pg_logical_emit_message(true, 'freshet.ddl', jsonb_build_object(
      'command', tg_tag, 'tables', CASE WHEN unnamed > 0 THEN '[]' ELSE named END)::text);
  END IF;
END $$;

-- What a command dropped is told to this kind of trigger only.
CREATE OR REPLACE FUNCTION freshet_on_drop() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- their name starts with the schema and the table they belong to
  of_table CONSTANT text[] := ARRAY['table', 'view', 'materialized view', 'foreign table', 'table column', 'table constraint',
                                    'policy', 'rule', 'trigger'];
  harmless CONSTANT text[] := ARRAY['index', 'sequence', 'schema', 'statistics object', 'event trigger'];
  unnamed  boolean;
  named    jsonb;
BEGIN
  SELECT bool_or(original AND object_type <> ALL (of_table || harmless)),
         jsonb_agg(DISTINCT jsonb_build_object('schema', address_names[1], 'table', address_names[2]))
           FILTER (WHERE object_type = ANY (of_table))
  INTO unnamed, named
  FROM pg_event_trigger_dropped_objects()
  WHERE NOT is_temporary;

  IF unnamed OR named IS NOT NULL THEN
    PERFORM pg_logical_emit_message(true, 'freshet.ddl', jsonb_build_object(
      'command', tg_tag, 'tables', CASE WHEN unnamed THEN '[]' ELSE named END)::text);
  END IF;
END $$;

CREATE EVENT TRIGGER freshet_ddl ON ddl_command_end EXECUTE FUNCTION freshet_on_ddl();
CREATE EVENT TRIGGER freshet_drop ON sql_drop EXECUTE FUNCTION freshet_on_drop();
