-- KEYS: entry. ARGV: lease. Result: 1 when it was still held. An entry beside it stays.
-- Atomic because another reader may hold the key by now.
if redis.call('HGET', KEYS[1], 'lease') ~= ARGV[1] then return 0 end
if redis.call('HEXISTS', KEYS[1], 'body') == 0 then return redis.call('DEL', KEYS[1]) end
redis.call('HDEL', KEYS[1], 'lease', 'wanted')
return 1
