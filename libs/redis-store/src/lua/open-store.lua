-- KEYS: control. ARGV: a text that no other opening shares. Result: 1 when the store was empty and is open now.
-- The epoch starts at the time of day, so that it is newer than any epoch the store had before it lost its state.
-- Atomic because two invalidators may start at once.
if redis.call('HSETNX', KEYS[1], 'incarnation', ARGV[1]) == 0 then return 0 end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('HSETNX', KEYS[1], 'epoch', string.format('%.0f', now))
return 1
