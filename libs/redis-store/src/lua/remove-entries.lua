-- KEYS: entries, then tag sets. ARGV: how many of them are entries, news channel, news of the delete, then the listings of the tag sets that
-- are to be dropped. Result: how many entries were there.
-- One step because a command costs the invalidator more than what it does; the news comes after the delete, as a near cache may look again at
-- once, and listings go last.
local count = tonumber(ARGV[1])
local removed = redis.call('UNLINK', unpack(KEYS, 1, count))
redis.call('SPUBLISH', ARGV[2], ARGV[3])
drop(count + 1, 4)
return removed
