-- KEYS: entries. ARGV: news channel, news of the delete. Result: how many were there.
-- One step because a reply for each costs the invalidator more than what stands in it; the news comes after the delete, as a near cache may look
-- again at once.
local removed = redis.call('UNLINK', unpack(KEYS))
redis.call('SPUBLISH', ARGV[1], ARGV[2])
return removed
