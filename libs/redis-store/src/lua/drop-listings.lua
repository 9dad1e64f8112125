-- KEYS: tag sets. ARGV: their listings. Result: how many were dropped.
return drop(1, 1)
