-- KEYS: entry. ARGV: the lease it was stored under. Near caches have been told of it.
-- Atomic because by now it may have given way to another, of which they have not.
if redis.call('HGET', KEYS[1], 'untold') ~= ARGV[1] then return 0 end
return redis.call('HDEL', KEYS[1], 'untold')
