-- KEYS: control, applied. ARGV: who takes them, then the streams….
-- From here on nobody else publishes. Where the streams are other ones than before, one of them may hold what the watermark does not know of,
-- and rows of transactions that counted as applied.
-- Atomic because two who take them must not both believe that they have them.
local control = KEYS[1]
local streams = table.concat(ARGV, ' ', 2)
if redis.call('HGET', control, 'streams') ~= streams then
  redis.call('DEL', KEYS[2])
  redis.call('HDEL', control, 'watermark')
end
redis.call('HSET', control, 'owner', ARGV[1], 'streams', streams)
return redis.status_reply('OK')
