-- KEYS: tag set. ARGV: now in s, how many at most. Result: how many listings were dropped.
-- A listing outlives its entry by a minute, so one whose second has passed lists nothing. A set without listings is gone by itself.
-- Atomic because a listing may be renewed, under a newer score, between a look and the removal.
local dead = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', tonumber(ARGV[1]) * 1048576, 'LIMIT', 0, tonumber(ARGV[2]))
if #dead > 0 then redis.call('ZREM', KEYS[1], unpack(dead)) end
return #dead
