-- KEYS: tag sets. ARGV: for each the score to list from, how many members at most, then fields of an entry.
-- Result: what is listed of each set, counts in one text, as far as there is room; the score from which the last of them goes on, or ''
-- when it is through; then for each member its key, its score, and what its entry has in the fields, each behind a letter that tells
-- whether it has it, or nothing where it was told before.
-- One step because a command, and each reply in it, costs the invalidator more than what it does.
local most = tonumber(ARGV[#KEYS + 1])
local left = most
local counts, told, result = {}, {}, { '', '' }
local function standing(key)
  local parts = {}
  for i, value in ipairs(redis.call('HMGET', key, unpack(ARGV, #KEYS + 2))) do parts[i] = value and '+' .. value or '-' end
  return table.concat(parts, '\n')
end
for i, tag in ipairs(KEYS) do
  local list = redis.call('ZRANGEBYSCORE', tag, ARGV[i], '+inf', 'WITHSCORES', 'LIMIT', 0, left + 1)
  local count = math.min(#list / 2, left)
  for j = 1, 2 * count, 2 do
    local key = list[j]
    result[#result + 1] = key
    result[#result + 1] = list[j + 1]
    result[#result + 1] = not told[key] and standing(key)
    told[key] = true
  end
  counts[i] = count
  left = left - count
  if #list > 2 * count then
    result[2] = list[#list]
    break
  end
end
result[1] = table.concat(counts, ' ')
return result
