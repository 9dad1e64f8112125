-- KEYS: control. ARGV: the hold that is over, and the 32-bit transaction id that fills must be beyond.
-- Result: 1, or 0 when another hold stands by now.
-- Atomic because between the end of the hold and the floor a snapshot could slip through that misses what was lost.
if redis.call('HGET', KEYS[1], 'hold') ~= ARGV[1] then return 0 end
local floor = tonumber(redis.call('HGET', KEYS[1], 'floor') or false)
if floor == nil or precedes(floor, tonumber(ARGV[2])) then redis.call('HSET', KEYS[1], 'floor', ARGV[2]) end
redis.call('HDEL', KEYS[1], 'hold')
return 1
