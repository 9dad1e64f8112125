-- KEYS: tag sets. ARGV: for each the score to list from, then how many members at most.
-- Result: for each, members and scores in turn, as far as there is room: of a set beyond the first that has no room as a whole nothing is
-- listed, nor of those behind it. Empty when all of them are, which is the usual case.
-- One step because each would else be asked for twice: whether anything is listed, and what.
if redis.call('EXISTS', unpack(KEYS)) == 0 then return {} end
local left = tonumber(ARGV[#KEYS + 1])
local lists = {}
for i, key in ipairs(KEYS) do
  local list = redis.call('ZRANGEBYSCORE', key, ARGV[i], '+inf', 'WITHSCORES', 'LIMIT', 0, left)
  if i > 1 and #list == 2 * left then break end
  lists[i] = list
  left = left - #list / 2
  if left == 0 then break end
end
return lists
