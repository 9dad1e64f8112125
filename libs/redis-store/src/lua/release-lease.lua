-- KEYS: entry. ARGV: lease. Result: 1 when it was still held.
-- Atomic because another reader may hold the key by now.
if redis.call('HGET', KEYS[1], 'lease') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
