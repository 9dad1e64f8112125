-- KEYS: entry, control, fence, applied. ARGV: lease, what put takes, news channel, news, then what judge takes.
-- Result: what judge says, or 'lost' when the key no longer holds this lease.
-- Near caches hear of an entry whose place is taken: changes are judged by the new one's snapshot from now on. One whose renewal is refused stays.
-- Atomic because a delete between the look at the lease and the write would be undone by the write.
local found = redis.call('HMGET', KEYS[1], 'lease', 'wanted')
if found[1] ~= ARGV[1] then return 'lost' end
local verdict = judge(KEYS[2], KEYS[3], KEYS[4], 9)
if verdict ~= 'stored' then
  if found[2] then redis.call('HDEL', KEYS[1], 'lease', 'wanted') else redis.call('DEL', KEYS[1]) end
  return verdict
end
put(KEYS[1], found[2])
if found[2] then redis.call('SPUBLISH', ARGV[7], ARGV[8]) end
return verdict
