-- Two accounts, each with no more than it needs. Passwords come from the settings freshet.reader_password and freshet.cdc_password where
-- the session has them (PGOPTIONS="-c freshet.cdc_password=..."); without, the accounts keep what they have.

DO $$
DECLARE
  account text;
  secret  text;
BEGIN
  -- Roles belong to the whole server: another of its databases may be running this script at the same moment.
  LOCK TABLE pg_catalog.pg_authid IN SHARE ROW EXCLUSIVE MODE;

  FOREACH account IN ARRAY ARRAY['reader', 'cdc'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = account) THEN
      EXECUTE format('CREATE ROLE %I LOGIN', account);
    END IF;
    secret := current_setting(format('freshet.%s_password', account), true);
    IF secret <> '' THEN
      EXECUTE format('ALTER ROLE %I PASSWORD %L', account, secret);
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), account);
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', account);
  END LOOP;

  -- One statement text serves very different values (a rare customer, a whole year), so a generic plan is the wrong plan for most.
  ALTER ROLE reader SET plan_cache_mode = 'force_custom_plan';
  ALTER ROLE reader SET default_transaction_read_only = 'on';
  ALTER ROLE reader SET statement_timeout = '30s';
  ALTER ROLE reader SET idle_in_transaction_session_timeout = '60s';

  ALTER ROLE cdc REPLICATION;
  -- The heartbeat commits too. Without this it would wait for a synchronous standby that is away, and every change behind it in the log.
  ALTER ROLE cdc SET synchronous_commit = 'local';
END $$;

GRANT SELECT ON
  auth_group, auth_user_groups,
  billing_auditlog, billing_business, billing_customer, billing_customer_businesses, billing_invoice, billing_itcreclaimledger,
  billing_lineitem, billing_product, billing_userpreference,
  freshet_heartbeat
TO reader, cdc;

-- Every column of the accounts but the password's hash, whatever columns the table has.
DO $$
DECLARE
  readable text;
BEGIN
  SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO readable
  FROM pg_attribute
  WHERE attrelid = 'auth_user'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'password';
  EXECUTE format('GRANT SELECT (%s) ON auth_user TO reader, cdc', readable);
END $$;

GRANT UPDATE ON freshet_heartbeat TO cdc;
