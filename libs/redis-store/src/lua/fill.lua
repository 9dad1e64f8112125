-- KEYS: entry, control, fence, applied. ARGV: lease, TTL in ms, body, snapshot, epoch, etag, status, stored at, TTL in s, meta, then what judge takes.
-- Result: what judge says, or 'lost' when the key no longer holds this lease.
-- Atomic because a delete between the look at the lease and the write would be undone by the write.
if redis.call('HGET', KEYS[1], 'lease') ~= ARGV[1] then return 'lost' end
local verdict = judge(KEYS[2], KEYS[3], KEYS[4], 11)
if verdict ~= 'stored' then
  redis.call('DEL', KEYS[1])
  return verdict
end
redis.call('HDEL', KEYS[1], 'lease')
redis.call('HSET', KEYS[1], 'body', ARGV[3], 'snapshot', ARGV[4], 'epoch', ARGV[5], 'etag', ARGV[6],
  'status', ARGV[7], 'stored', ARGV[8], 'ttl', ARGV[9], 'meta', ARGV[10])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return verdict
