-- KEYS: entry. ARGV: lease, lease life in ms, epoch, reads.
-- Result: 'granted', 'held' or 'filled'.
-- Atomic because two readers must not both load the entry anew.
return takeRenewal(KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4])
