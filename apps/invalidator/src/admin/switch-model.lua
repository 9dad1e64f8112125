-- KEYS: control. ARGV: model, 'on' or 'off'. Result: the models that are off now, separated by commas.
-- Atomic because two operators may switch two models at the same moment.
local off = {}
for model in string.gmatch(redis.call('HGET', KEYS[1], 'disabled') or '', '[^,]+') do
  if model ~= ARGV[1] then off[#off + 1] = model end
end
if ARGV[2] == 'off' then off[#off + 1] = ARGV[1] end
local text = table.concat(off, ',')
redis.call('HSET', KEYS[1], 'disabled', text)
return text
