-- KEYS: entry. ARGV: lease, lease life in ms, epoch, reads, then news channel and news, unless the caller tells it.
-- Result: 'granted'; 'held' by another reader; 'filled' when an entry of this epoch is there already.
-- Near caches hear of it: so they never hold an entry when Redis holds another, and the verdict on Redis's entry is good for theirs.
-- Atomic because two readers must not both find the key free.
local found = redis.call('HMGET', KEYS[1], 'lease', 'epoch')
if found[2] and tonumber(found[2]) >= tonumber(ARGV[3]) then return 'filled' end
-- A lease beside an entry of an older epoch is of no use any more.
if found[1] and not found[2] then return 'held' end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'lease', ARGV[1], 'reads', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
if ARGV[5] then redis.call('SPUBLISH', ARGV[5], ARGV[6]) end
return 'granted'
