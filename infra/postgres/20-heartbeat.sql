-- One row that the connector rewrites every second. It is captured like any other row, so the log moves while the database is idle, and
-- `seq` grows by exactly one: a gap in the log is a gap in the numbers.

DO $$ BEGIN IF to_regclass('freshet_heartbeat') IS NULL THEN
  CREATE TABLE freshet_heartbeat (
      id   integer     NOT NULL PRIMARY KEY CHECK (id = 1),
      seq  bigint      NOT NULL,
      at   timestamptz NOT NULL
  );
END IF; END $$;

INSERT INTO freshet_heartbeat (id, seq, at) VALUES (1, 0, clock_timestamp()) ON CONFLICT DO NOTHING;
