-- KEYS: control. ARGV: news channel, database. Result: the new epoch.
-- Atomic because two who raise it must get two epochs.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local old = tonumber(redis.call('HGET', KEYS[1], 'epoch') or '0')
local epoch = string.format('%.0f', math.max(old + 1, now))
redis.call('HSET', KEYS[1], 'epoch', epoch)
redis.call('SPUBLISH', ARGV[1], 'epoch ' .. epoch .. ' ' .. ARGV[2])
return epoch
