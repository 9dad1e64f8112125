-- A registration where all is on one server.
-- KEYS: entry, control, schemes, footprints, then tag sets. ARGV: how ('take' a lease, take one 'beside' the entry, 'extend' the one that is
-- held, or 'list' more under one that was just taken), lease, its life in ms, epoch, reads, news channel, news, entry key, how long it must be
-- listed in s, the first of as many numbers as there are sets, then what learn takes.
-- Result: what became of the lease, position, epoch, schema version, then the statement ids whose footprints are not there.
-- One step because a call of a script costs about as much as what it does; in this order because the position must be read last.
local how = ARGV[1]
local became = 'granted'
if how == 'take' then became = takeLease(KEYS[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]) end
if how == 'beside' then became = takeRenewal(KEYS[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]) end
if how == 'extend' then became = extendLease(KEYS[1], ARGV[2], ARGV[5]) end
if became ~= 'granted' then return {became} end
list(KEYS, 5, ARGV[8], ARGV[9], ARGV[10])
local missing = learn(KEYS[2], KEYS[3], KEYS[4], 11)
local control = redis.call('HMGET', KEYS[2], 'position', 'epoch', 'schema')
return {became, control[1], control[2], control[3], unpack(missing)}
