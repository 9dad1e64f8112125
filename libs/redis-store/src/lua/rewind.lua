-- KEYS: control. ARGV: stream, offset or ''. An operator's deliberate step back: the one time a position and watermark may fall.
-- Atomic because a watermark must not stand without its position.
if ARGV[2] == '' then redis.call('HDEL', KEYS[1], 'offset:' .. ARGV[1])
else redis.call('HSET', KEYS[1], 'offset:' .. ARGV[1], ARGV[2]) end
redis.call('HDEL', KEYS[1], 'watermark', 'watermark:' .. ARGV[1], 'heartbeat', 'pulse')
return redis.status_reply('OK')
