-- KEYS: entry. ARGV: lease, reads.
-- Result: 'granted', or 'lost' when the key no longer holds this lease. The lease's life is not prolonged.
-- Atomic because the reads must not be written into another reader's lease.
if redis.call('HGET', KEYS[1], 'lease') ~= ARGV[1] then return 'lost' end
redis.call('HSET', KEYS[1], redis.call('HEXISTS', KEYS[1], 'body') == 1 and 'wanted' or 'reads', ARGV[2])
return 'granted'
