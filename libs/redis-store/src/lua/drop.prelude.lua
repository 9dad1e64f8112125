-- Shared by the steps that take listings off tag sets; put in front of their text.
-- KEYS from `from` on: tag sets. ARGV from `at` on: for each of them how many of its listings, their entry keys, their scores. Returns how
-- many were dropped. A listing may be renewed, under a new score, between a look and the removal.
local function drop(from, at)
  local dropped = 0
  for i = from, #KEYS do
    local tag, count = KEYS[i], tonumber(ARGV[at])
    local same = {}
    for j = at + 1, at + count do
      local score = redis.call('ZSCORE', tag, ARGV[j])
      if score and tonumber(score) == tonumber(ARGV[j + count]) then same[#same + 1] = ARGV[j] end
    end
    if #same > 0 then dropped = dropped + redis.call('ZREM', tag, unpack(same)) end
    at = at + 1 + 2 * count
  end
  return dropped
end
