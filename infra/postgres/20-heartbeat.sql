-- One row that the connector rewrites every second. It is captured like any other row, so the log moves while the database is idle, and
-- it tells how far the log can be trusted:
--   seq    grows by exactly one: a gap in the log is a gap in the numbers
--   seen   the number that was visible when the statement began, before its transaction had an id: whatever committed before that
--          number did has a smaller id
--   run    one life of one server process, and `since` the first number of it: a database that was set back cannot go on as if it had
--          not been, not even with the right number
--   line   the cluster and its timeline: a standby that took over may lack what was in the log before

DO $$ BEGIN IF to_regclass('freshet_heartbeat') IS NULL THEN
  CREATE TABLE freshet_heartbeat (
      id   integer     NOT NULL PRIMARY KEY CHECK (id = 1),
      seq  bigint      NOT NULL,
      at   timestamptz NOT NULL
  );
END IF; END $$;

DO $$ BEGIN IF NOT EXISTS (
  SELECT FROM pg_attribute WHERE attrelid = 'freshet_heartbeat'::regclass AND attname = 'seen'
) THEN
  ALTER TABLE freshet_heartbeat ADD COLUMN seen bigint, ADD COLUMN run text, ADD COLUMN since bigint, ADD COLUMN line text;
END IF; END $$;

INSERT INTO freshet_heartbeat (id, seq, at) VALUES (1, 0, clock_timestamp()) ON CONFLICT DO NOTHING;

-- Returns a moment after the statement began and before its commit. Who waits here for another heartbeat still tells in `seen` what was
-- visible before: the sub-select keeps to the statement's snapshot.
DO $$ BEGIN IF to_regprocedure('freshet_heartbeat_next()') IS NULL THEN
  CREATE FUNCTION freshet_heartbeat_next() RETURNS timestamptz LANGUAGE sql AS $f$
    UPDATE freshet_heartbeat SET
      seq   = seq + 1,
      at    = clock_timestamp(),
      seen  = (SELECT h.seq FROM freshet_heartbeat h WHERE h.id = 1),
      run   = extract(epoch FROM pg_postmaster_start_time())::text,
      since = CASE WHEN run = extract(epoch FROM pg_postmaster_start_time())::text THEN since ELSE seq + 1 END,
      line  = (SELECT system_identifier FROM pg_control_system()) || '.' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)
    WHERE id = 1
    RETURNING clock_timestamp()
  $f$;
END IF; END $$;
