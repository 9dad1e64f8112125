-- KEYS: control, fence, applied. ARGV: stream, offset of the last record of the slice in which the loss was found.
-- From here on no snapshot is good enough for a fill. A hold that stands already gives way: the newer loss lies further on.
-- The fence and its floor go: the end of the hold sets a floor above all they stand for, and of a database that was set back they would
-- name transactions that are still to come.
-- Atomic because a fill must find the fence or the hold, and two holds must not be taken for one.
local number = redis.call('HINCRBY', KEYS[1], 'holds', 1)
redis.call('HSET', KEYS[1], 'hold', number .. ' ' .. ARGV[2] .. ' ' .. ARGV[1])
redis.call('DEL', KEYS[2], KEYS[3])
redis.call('HDEL', KEYS[1], 'floor')
return redis.status_reply('OK')
