-- Shared by the steps that list an entry where changes look for it; put in front of their text.

-- The score is the second of expiry in the high bits and a number that no other registration has in the low 20: unique to this one, so
-- that removing a dead listing cannot remove a newer one. A listing never gets an older score than it has.
local BITS = 1048576
local function list(tags, from, member, seconds, number)
  local now = tonumber(redis.call('TIME')[1])
  local expires = (now + tonumber(seconds)) * BITS
  for i = from, #tags do
    local tag = tags[i]
    for _, dead in ipairs(redis.call('ZRANGEBYSCORE', tag, '-inf', now * BITS, 'LIMIT', 0, 100)) do
      redis.call('ZREM', tag, dead)
    end
    local score = expires + (tonumber(number) + i - from) % BITS
    local old = tonumber(redis.call('ZSCORE', tag, member) or false)
    if old and old >= score then score = old + 1 end
    redis.call('ZADD', tag, string.format('%.0f', score), member)
  end
end

-- ARGV from `at` on: number of schemes, the schemes, then statement ids. Returns those ids whose footprints are not there.
-- Whoever sees the raised version also sees the scheme.
local function learn(control, schemes, footprints, at)
  local last = at + tonumber(ARGV[at])
  for i = at + 1, last do
    if redis.call('SADD', schemes, ARGV[i]) == 1 then redis.call('HINCRBY', control, 'schemes', 1) end
  end
  local missing = {}
  for i = last + 1, #ARGV do
    if redis.call('HEXISTS', footprints, ARGV[i]) == 0 then missing[#missing + 1] = ARGV[i] end
  end
  return missing
end
