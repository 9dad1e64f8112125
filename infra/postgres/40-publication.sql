-- What the log carries. The list below is the only one: the connector captures whatever the publication publishes.
-- Left out: billing_historicalinvoice and token_blacklist_*, which no view reads.

DO $$
DECLARE
  captured text;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_publication WHERE pubname = 'freshet') THEN
    CREATE PUBLICATION freshet;
  END IF;

  -- Truncate is part of the feed: without it an emptied table would look untouched.
  IF NOT EXISTS (
    SELECT FROM pg_publication
    WHERE pubname = 'freshet' AND pubinsert AND pubupdate AND pubdelete AND pubtruncate AND NOT pubviaroot
  ) THEN
    ALTER PUBLICATION freshet SET (publish = 'insert, update, delete, truncate', publish_via_partition_root = false);
  END IF;

  FOREACH captured IN ARRAY ARRAY[
    'auth_group', 'auth_user', 'auth_user_groups',
    'billing_auditlog', 'billing_business', 'billing_customer', 'billing_customer_businesses', 'billing_invoice',
    'billing_itcreclaimledger', 'billing_lineitem', 'billing_product', 'billing_userpreference',
    'freshet_heartbeat'
  ] LOOP
    -- The whole row as it was: without it an update or delete says only which key it touched. Changed where it differs, and only
    -- there, since the command locks the table.
    IF (SELECT relreplident FROM pg_class WHERE oid = captured::regclass) <> 'f' THEN
      EXECUTE format('ALTER TABLE %s REPLICA IDENTITY FULL', captured::regclass);
    END IF;

    IF NOT EXISTS (
      SELECT FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid
      WHERE p.pubname = 'freshet' AND r.prrelid = captured::regclass
    ) THEN
      EXECUTE format('ALTER PUBLICATION freshet ADD TABLE %s', captured::regclass);
    END IF;
  END LOOP;
END $$;
