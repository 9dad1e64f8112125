-- KEYS: control, fence, applied. ARGV: most members the fence may have, then 32-bit xids.
-- Gives the transactions one new position. One that is there already keeps its older, stricter one.
-- Atomic because a reader that reads the position must find every transaction at or below it.
local position = redis.call('HINCRBY', KEYS[1], 'position', 1)
for i = 2, #ARGV do
  if #redis.call('ZRANGEBYSCORE', KEYS[2], ARGV[i], ARGV[i], 'LIMIT', 0, 1) == 0 then
    redis.call('ZADD', KEYS[2], ARGV[i], ARGV[i] .. ':' .. position)
  end
end
local surplus = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[1])
if surplus > 0 then
  -- No reader has said how far its snapshots are: make room all the same. Fills pause until snapshots are newer than the floor.
  local floor = tonumber(redis.call('HGET', KEYS[1], 'floor') or false)
  for _, member in ipairs(redis.call('ZRANGE', KEYS[2], 0, surplus - 1)) do
    local xid = tonumber(string.match(member, '^(%d+):'))
    if floor == nil or precedes(floor, xid) then floor = xid end
    redis.call('ZREM', KEYS[2], member)
    redis.call('ZREM', KEYS[3], xid)
  end
  redis.call('HSET', KEYS[1], 'floor', string.format('%.0f', floor))
end
return position
