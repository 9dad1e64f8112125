-- KEYS: control, facts. ARGV: a text that no other opening shares, the run of this server, news channel, database.
-- Result: the new epoch; nil when the store is open already. A store that was last open on another run of a server is opened anew:
-- a restart or a fail-over may have set it back, and so bring back what was deleted.
-- Epoch and schema version start at the time of day, so that they are newer than any the store had before it lost its state; facts
-- may have been set back too, and the new schema version makes readers write them again.
-- Atomic because two invalidators may start at once.
local found = redis.call('HMGET', KEYS[1], 'incarnation', 'server', 'epoch', 'schema')
if found[1] and found[2] == ARGV[2] then return nil end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local function newer(old)
  return string.format('%.0f', math.max(tonumber(old or '0') + 1, now))
end
local epoch = newer(found[3])
redis.call('HSET', KEYS[1], 'incarnation', ARGV[1], 'server', ARGV[2], 'epoch', epoch, 'schema', newer(found[4]))
redis.call('DEL', KEYS[2])
redis.call('HINCRBY', KEYS[1], 'facts', 1)
redis.call('SPUBLISH', ARGV[3], 'epoch ' .. epoch .. ' ' .. ARGV[4])
return epoch
