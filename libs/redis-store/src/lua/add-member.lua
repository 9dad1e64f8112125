-- KEYS: tag sets. ARGV: entry key, how long it must be listed in s, the first of as many numbers as there are sets, which no registration shares.
-- The score is the second of expiry in the high bits and that number in the low 20: unique to this registration, so that removing
-- a dead listing cannot remove a newer one. A listing never gets an older score than it has.
-- Atomic because the score depends on the one that is there; several sets in one call because each call costs about as much as a set.
local BITS = 1048576
local now = tonumber(redis.call('TIME')[1])
local expires, number = (now + tonumber(ARGV[2])) * BITS, tonumber(ARGV[3])
for i, tag in ipairs(KEYS) do
  for _, dead in ipairs(redis.call('ZRANGEBYSCORE', tag, '-inf', now * BITS, 'LIMIT', 0, 100)) do
    redis.call('ZREM', tag, dead)
  end
  local score = expires + (number + i - 1) % BITS
  local old = tonumber(redis.call('ZSCORE', tag, ARGV[1]) or false)
  if old and old >= score then score = old + 1 end
  redis.call('ZADD', tag, string.format('%.0f', score), ARGV[1])
end
return redis.status_reply('OK')
