-- The second half of a fill where the fence is on another server; the first is judge.
-- KEYS: entry. ARGV: lease, then what put takes.
-- Result: 'stored'; 'renewed' when it took the place of an entry; 'lost' when the key no longer holds this lease.
-- Near caches may hold the entry whose place is taken. Until they are told, it says so: 'untold' is the lease that it was stored under.
-- Atomic because a delete between the look at the lease and the write would be undone by the write.
local found = redis.call('HMGET', KEYS[1], 'lease', 'wanted')
if found[1] ~= ARGV[1] then return 'lost' end
put(KEYS[1], found[2])
if not found[2] then return 'stored' end
redis.call('HSET', KEYS[1], 'untold', ARGV[1])
return 'renewed'
