-- KEYS: control, fence, applied. ARGV: position, xmin, xmax, in progress….
-- Result: 'stored' (the snapshot covers everything applied up to the position), 'unseen' or 'floor'.
-- Atomic because forgetting must raise the floor before another reader can look.
return judge(KEYS[1], KEYS[2], KEYS[3], 1)
