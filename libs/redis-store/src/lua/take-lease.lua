-- KEYS: entry. ARGV: lease, lease life in ms, epoch, reads. Whoever calls this tells the near caches.
-- Result: 'granted', 'held' or 'filled'.
-- Atomic because two readers must not both find the key free.
return takeLease(KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4])
