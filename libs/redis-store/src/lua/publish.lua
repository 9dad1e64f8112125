-- KEYS: control, applied. ARGV: news channel, database, stream, offset, watermark or '', heartbeat or '', what else its pulse says, '1' where
-- its numbers start anew, the runs of the servers that all of it was applied on or '', completed 32-bit xids….
-- Nothing is published when the store has been opened on others since.
-- A transaction is applied when its last row is; with several streams nobody can tell, so none is marked then.
-- Everything moves forward only: two invalidators may overlap for a moment. But where the log goes on at a time well before the watermark, the
-- clock of the database was set back, and the watermark goes with it. The watermark of the store is the least over its streams.
-- Atomic because a reader must not see a watermark without the least of the others.
local control = KEYS[1]
if ARGV[9] ~= '' and redis.call('HGET', control, 'server') ~= ARGV[9] then
  return redis.error_reply('OPENEDANEW the store has been opened on other servers')
end
local DISORDER_MS = 1000 -- commits may overtake each other on their way into the log
local function forward(field, value, back)
  if value == '' then return false end
  local old = tonumber(redis.call('HGET', control, field) or false)
  local moves = old == nil or tonumber(value) > old or (back ~= nil and tonumber(value) < old - back)
  if moves then redis.call('HSET', control, field, value) end
  return moves
end
local further = forward('offset:' .. ARGV[3], ARGV[4])
forward('watermark:' .. ARGV[3], ARGV[5], further and DISORDER_MS or nil)
local pulse = tonumber(redis.call('HGET', control, 'heartbeat') or false)
if ARGV[6] ~= '' and (ARGV[8] == '1' or pulse == nil or tonumber(ARGV[6]) > pulse) then
  redis.call('HSET', control, 'heartbeat', ARGV[6], 'pulse', ARGV[7])
end
local least, streams = nil, 0
local fields = redis.call('HGETALL', control)
for i = 1, #fields, 2 do
  if string.sub(fields[i], 1, 10) == 'watermark:' then
    local value = tonumber(fields[i + 1])
    streams = streams + 1
    if least == nil or value < least then least = value end
  end
end
if least then
  local text = string.format('%.0f', least)
  redis.call('HSET', control, 'watermark', text)
  redis.call('SPUBLISH', ARGV[1], 'watermark ' .. text .. ' ' .. ARGV[2])
end
if streams <= 1 then
  for i = 10, #ARGV do redis.call('ZADD', KEYS[2], ARGV[i], ARGV[i]) end
end
return redis.status_reply('OK')
