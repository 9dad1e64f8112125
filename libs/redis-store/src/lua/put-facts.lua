-- KEYS: control, facts. ARGV: schema version the facts were read at, then table, facts, table, facts, ….
-- Result: 1, or 0 when a schema change came in between.
-- Atomic because facts from before a schema change must not be stored after it.
if (redis.call('HGET', KEYS[1], 'schema') or '0') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
for i = 2, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
redis.call('HINCRBY', KEYS[1], 'facts', 1)
return 1
