-- KEYS: control, schemes, footprints. ARGV: number of schemes, the schemes, then statement ids.
-- Result: the statement ids whose footprints are not there.
-- Atomic because whoever sees the raised version must also see the scheme.
local schemes = tonumber(ARGV[1])
for i = 2, schemes + 1 do
  if redis.call('SADD', KEYS[2], ARGV[i]) == 1 then redis.call('HINCRBY', KEYS[1], 'schemes', 1) end
end
local missing = {}
for i = schemes + 2, #ARGV do
  if redis.call('HEXISTS', KEYS[3], ARGV[i]) == 0 then missing[#missing + 1] = ARGV[i] end
end
return missing
