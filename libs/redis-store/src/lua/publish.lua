-- KEYS: control, applied. ARGV: news channel, database, stream, offset, watermark or '', heartbeat or '', what else its pulse says, '1' where
-- its numbers start anew, the runs of the servers that all of it was applied on or '', who publishes, completed 32-bit xids….
-- Result: OK, or TAKEN where another has taken the streams over. Nothing is published when the store has been opened on others since.
-- A transaction is applied when its last row is; with several streams nobody can tell, so none is marked then.
-- Everything moves forward only, and for its owner only: one that was frozen may wake up after the position was set back on purpose. But where
-- the log goes on at a time well before the watermark, the clock of the database was set back, and the watermark goes with it.
-- Atomic because a reader must not see a watermark without the least of the others.
local control = KEYS[1]
if ARGV[9] ~= '' and redis.call('HGET', control, 'server') ~= ARGV[9] then
  return redis.error_reply('OPENEDANEW the store has been opened on other servers')
end
local DISORDER_MS = 1000 -- commits may overtake each other on their way into the log
if taken(control, ARGV[10]) then return redis.status_reply('TAKEN') end
local further = forward(control, 'offset:' .. ARGV[3], ARGV[4])
forward(control, 'watermark:' .. ARGV[3], ARGV[5], further and DISORDER_MS or nil)
local pulse = tonumber(redis.call('HGET', control, 'heartbeat') or false)
if ARGV[6] ~= '' and (ARGV[8] == '1' or pulse == nil or tonumber(ARGV[6]) > pulse) then
  redis.call('HSET', control, 'heartbeat', ARGV[6], 'pulse', ARGV[7])
end
local streams = streamsOf(control)
tellWatermark(control, streams, ARGV[1], ARGV[2])
if #streams <= 1 then
  for i = 11, #ARGV do redis.call('ZADD', KEYS[2], ARGV[i], ARGV[i]) end
end
return redis.status_reply('OK')
