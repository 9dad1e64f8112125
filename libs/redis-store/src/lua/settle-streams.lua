-- KEYS: control. ARGV: news channel, database, who publishes, watermark, then pairs of a stream and the offset of its end….
-- Result: OK, or TAKEN where another has taken the streams over.
-- Where all is applied up to its end, nothing from before that moment is to come.
-- Atomic because the watermark is the least over all streams.
local control = KEYS[1]
if taken(control, ARGV[3]) then return redis.status_reply('TAKEN') end
for i = 5, #ARGV, 2 do
  local applied = tonumber(redis.call('HGET', control, 'offset:' .. ARGV[i]) or '-1')
  if applied + 1 >= tonumber(ARGV[i + 1]) then forward(control, 'watermark:' .. ARGV[i], ARGV[4]) end
end
tellWatermark(control, streamsOf(control), ARGV[1], ARGV[2])
return redis.status_reply('OK')
