-- KEYS: tag set. ARGV: entry key, how long it must be listed in s, a number that no registration shares.
-- The score is the second of expiry in the high bits and that number in the low 20: unique to this registration, so that removing
-- a dead listing cannot remove a newer one. A listing never gets an older score than it has.
-- Atomic because the score depends on the one that is there.
local BITS = 1048576
local now = tonumber(redis.call('TIME')[1])
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now * BITS, 'LIMIT', 0, 100)) do
  redis.call('ZREM', KEYS[1], dead)
end
local score = (now + tonumber(ARGV[2])) * BITS + tonumber(ARGV[3]) % BITS
local old = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or false)
if old and old >= score then score = old + 1 end
redis.call('ZADD', KEYS[1], string.format('%.0f', score), ARGV[1])
return redis.status_reply('OK')
