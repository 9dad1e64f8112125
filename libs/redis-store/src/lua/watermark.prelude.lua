-- Shared by the steps that move watermarks; put in front of their text.
-- Also backward, by more than `back` where that is given. Result: whether it moved.
local function forward(control, field, value, back)
  if value == '' then return false end
  local old = tonumber(redis.call('HGET', control, field) or false)
  local moves = old == nil or tonumber(value) > old or (back ~= nil and tonumber(value) < old - back)
  if moves then redis.call('HSET', control, field, value) end
  return moves
end

-- Whether somebody else has taken the streams since.
local function taken(control, who)
  local owner = redis.call('HGET', control, 'owner')
  return owner and owner ~= who
end

-- All there are; where nobody took them, those that a watermark is known of.
local function streamsOf(control)
  local streams = {}
  local named = redis.call('HGET', control, 'streams')
  if named then
    for stream in string.gmatch(named, '%S+') do streams[#streams + 1] = stream end
    return streams
  end
  for _, field in ipairs(redis.call('HKEYS', control)) do
    if string.sub(field, 1, 10) == 'watermark:' then streams[#streams + 1] = string.sub(field, 11) end
  end
  return streams
end

-- The watermark of the store is the least over its streams. While one of them has none, it stays what it was.
local function tellWatermark(control, streams, channel, database)
  local least = nil
  for _, stream in ipairs(streams) do
    local value = tonumber(redis.call('HGET', control, 'watermark:' .. stream) or false)
    if value == nil then return end
    if least == nil or value < least then least = value end
  end
  if least == nil then return end
  local text = string.format('%.0f', least)
  redis.call('HSET', control, 'watermark', text)
  -- With the epoch: who hears it may have what is stored from a server that another took the place of.
  local epoch = redis.call('HGET', control, 'epoch') or '0'
  redis.call('SPUBLISH', channel, 'watermark ' .. text .. ' ' .. epoch .. ' ' .. database)
end
