-- KEYS: tag set. ARGV: entry key, score, entry key, score, …. Result: how many were dropped.
-- Atomic because a listing may be renewed, under a new score, between a look and the removal.
local dropped = 0
for i = 1, #ARGV, 2 do
  local score = redis.call('ZSCORE', KEYS[1], ARGV[i])
  if score and tonumber(score) == tonumber(ARGV[i + 1]) then
    dropped = dropped + redis.call('ZREM', KEYS[1], ARGV[i])
  end
end
return dropped
