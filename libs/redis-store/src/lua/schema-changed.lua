-- KEYS: control, facts. Forgets what is known of all tables: a command may name one table and change what is true of another.
-- Atomic because facts must not be put back between the two.
redis.call('DEL', KEYS[2])
redis.call('HINCRBY', KEYS[1], 'facts', 1)
return redis.call('HINCRBY', KEYS[1], 'schema', 1)
