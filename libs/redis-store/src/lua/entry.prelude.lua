-- Shared by the steps that store an entry; put in front of their text.
-- ARGV from 2 on: TTL in ms, body, snapshot, epoch, head (all but the body). Reads of a lease that stood beside an entry take the place of
-- that entry's.
local function put(key, wanted)
  redis.call('HDEL', key, 'lease', 'wanted')
  redis.call('HSET', key, 'body', ARGV[3], 'snapshot', ARGV[4], 'under', ARGV[5], 'head', ARGV[6])
  redis.call('PEXPIRE', key, ARGV[2])
  if wanted then redis.call('HSET', key, 'reads', wanted) end
end
