-- KEYS: tag sets. ARGV: for each of them how many of its listings, their entry keys, their scores. Result: how many were dropped.
-- Atomic because a listing may be renewed, under a new score, between a look and the removal.
local dropped, at = 0, 1
for _, tag in ipairs(KEYS) do
  local count = tonumber(ARGV[at])
  local scores = redis.call('ZMSCORE', tag, unpack(ARGV, at + 1, at + count))
  local same = {}
  for i = 1, count do
    if scores[i] and tonumber(scores[i]) == tonumber(ARGV[at + count + i]) then same[#same + 1] = ARGV[at + i] end
  end
  if #same > 0 then dropped = dropped + redis.call('ZREM', tag, unpack(same)) end
  at = at + 1 + 2 * count
end
return dropped
