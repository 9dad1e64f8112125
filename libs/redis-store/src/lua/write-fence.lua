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
  -- No reader has said how far its snapshots are: make room all the same, oldest first. Fills pause until snapshots are newer than the floor.
  -- As seen from the newest of all, not of these: an old one that commits late must not make the floor look like one that lies ahead.
  local newest = newestOf(KEYS[2], tonumber(ARGV[2]))
  forget(KEYS[1], KEYS[2], KEYS[3], (newest + 1) % RANGE, surplus)
end
return position
