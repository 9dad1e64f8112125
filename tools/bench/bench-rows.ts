/** A captured table that no view reads: rows to change by the thousand without touching what is measured beside. */
export const BENCH_TABLE_SQL = `
DO $$ BEGIN
  IF to_regclass('bench_row') IS NULL THEN
    CREATE TABLE bench_row (
      id bigint PRIMARY KEY, owner integer NOT NULL, amount numeric(12, 2) NOT NULL, booked date NOT NULL, label text NOT NULL,
      note text NOT NULL DEFAULT 'a remark of some length, as rows of a billing application have'
    );
    ALTER TABLE bench_row REPLICA IDENTITY FULL;
    ALTER PUBLICATION freshet ADD TABLE bench_row;
    GRANT SELECT ON bench_row TO reader, cdc;
  END IF;
END $$`;

/** Makes the table hold the ids 1 to \`$1\`. */
export const FILL_BENCH_TABLE = `
INSERT INTO bench_row (id, owner, amount, booked, label)
SELECT i, i % 1000, i % 997, date '2024-01-01' + (i % 700)::integer, 'row ' || i FROM generate_series(1, $1::bigint) i
ON CONFLICT DO NOTHING`;
