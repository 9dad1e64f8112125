-- KEYS: control, schemes, footprints. ARGV: number of schemes, the schemes, then statement ids.
-- Result: the statement ids whose footprints are not there.
-- Atomic because whoever sees the raised version must also see the scheme.
return learn(KEYS[1], KEYS[2], KEYS[3], 1)
