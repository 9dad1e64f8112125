-- KEYS: entry. ARGV: lease, reads.
-- Result: 'granted' or 'lost'.
-- Atomic because the reads must not be written into another reader's lease.
return extendLease(KEYS[1], ARGV[1], ARGV[2])
