-- Optional, for large books: searches find invoice numbers by an index instead of reading every invoice. See infra/README.md.
-- Not inside a transaction: CONCURRENTLY lets writers go on meanwhile.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX CONCURRENTLY IF NOT EXISTS freshet_invoice_number_search ON billing_invoice USING gin (UPPER(invoice_number) gin_trgm_ops);
