-- KEYS: control. ARGV: stream, offset or '', who steps back. A deliberate step back: the one time a position and watermark may fall.
-- Result: OK, or TAKEN where another has taken the streams over.
-- Atomic because a watermark must not stand without its position.
if taken(KEYS[1], ARGV[3]) then return redis.status_reply('TAKEN') end
if ARGV[2] == '' then redis.call('HDEL', KEYS[1], 'offset:' .. ARGV[1])
else redis.call('HSET', KEYS[1], 'offset:' .. ARGV[1], ARGV[2]) end
redis.call('HDEL', KEYS[1], 'watermark', 'watermark:' .. ARGV[1], 'heartbeat', 'pulse')
return redis.status_reply('OK')
