-- KEYS: entry. ARGV: lease, lease life in ms, epoch, reads.
-- Result: 'granted'; 'held' by another reader; 'filled' when there is no entry of this epoch, or it lives for longer than a lease may.
-- The lease ends with the entry, whose life is not prolonged. Until then invalidation judges the key by the reads of both.
-- Atomic because two readers must not both load the entry anew.
local found = redis.call('HMGET', KEYS[1], 'lease', 'epoch')
if found[1] then return 'held' end
if found[2] ~= ARGV[3] or redis.call('PTTL', KEYS[1]) > tonumber(ARGV[2]) then return 'filled' end
redis.call('HSET', KEYS[1], 'lease', ARGV[1], 'wanted', ARGV[4])
return 'granted'
