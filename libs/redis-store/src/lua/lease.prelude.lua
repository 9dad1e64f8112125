-- Shared by the steps that take or keep a lease; put in front of their text. Each says 'granted', or why not.

-- A lease in an empty place. 'held' by another reader; 'filled' when an entry of this epoch is there already.
-- Near caches hear of it, unless the caller tells them: so they never hold an entry when Redis holds another, and the verdict on Redis's
-- entry is good for theirs.
local function takeLease(key, lease, lifeMs, epoch, reads, channel, news)
  local found = redis.call('HMGET', key, 'lease', 'under')
  if found[2] and tonumber(found[2]) >= tonumber(epoch) then return 'filled' end
  -- A lease beside an entry of an older epoch is of no use any more.
  if found[1] and not found[2] then return 'held' end
  redis.call('DEL', key)
  redis.call('HSET', key, 'lease', lease, 'reads', reads)
  redis.call('PEXPIRE', key, lifeMs)
  if channel then redis.call('SPUBLISH', channel, news) end
  return 'granted'
end

-- A lease beside an entry. 'filled' when there is no entry of this epoch, or it lives for longer than a lease may.
-- The lease ends with the entry, whose life is not prolonged. Until then invalidation judges the key by the reads of both.
local function takeRenewal(key, lease, lifeMs, epoch, reads)
  local found = redis.call('HMGET', key, 'lease', 'under')
  if found[1] then return 'held' end
  if found[2] ~= epoch or redis.call('PTTL', key) > tonumber(lifeMs) then return 'filled' end
  redis.call('HSET', key, 'lease', lease, 'wanted', reads)
  return 'granted'
end

-- More reads under a lease. 'lost' when the key no longer holds it. Its life is not prolonged.
local function extendLease(key, lease, reads)
  if redis.call('HGET', key, 'lease') ~= lease then return 'lost' end
  redis.call('HSET', key, redis.call('HEXISTS', key, 'body') == 1 and 'wanted' or 'reads', reads)
  return 'granted'
end
