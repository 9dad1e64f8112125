-- KEYS: tag sets. ARGV: which of them, entry key, score, which of them, entry key, score, …. Result: how many were dropped.
-- Atomic because a listing may be renewed, under a new score, between a look and the removal.
local dropped = 0
for i = 1, #ARGV, 3 do
  local key = KEYS[tonumber(ARGV[i])]
  local score = redis.call('ZSCORE', key, ARGV[i + 1])
  if score and tonumber(score) == tonumber(ARGV[i + 2]) then
    dropped = dropped + redis.call('ZREM', key, ARGV[i + 1])
  end
end
return dropped
