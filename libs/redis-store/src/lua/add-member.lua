-- KEYS: tag sets. ARGV: entry key, how long it must be listed in s, the first of as many numbers as there are sets, which no registration shares.
-- Atomic because the score depends on the one that is there.
list(KEYS, 1, ARGV[1], ARGV[2], ARGV[3])
return redis.status_reply('OK')
