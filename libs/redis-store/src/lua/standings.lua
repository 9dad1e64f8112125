-- KEYS: entries. ARGV: fields. Result: for each entry what it has in them.
-- One step because a reply for each costs the invalidator more than all that stands in it.
local standings = {}
for i, key in ipairs(KEYS) do standings[i] = redis.call('HMGET', key, unpack(ARGV)) end
return standings
