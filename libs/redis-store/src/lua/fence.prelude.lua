-- Shared by the steps that look at the fence; put in front of their text.
-- Transaction ids are 32-bit and wrap around: order is decided modulo 2^32, which is exact while two ids are less than 2^31 apart.
local RANGE = 4294967296
local HALF = 2147483648
-- So many transactions are remembered at least.
local ENOUGH = 4096

local function precedes(a, b)
  local ahead = (b - a) % RANGE
  return ahead > 0 and ahead < HALF
end

-- Calls visit(low, high) for the one or two stretches of scores that make up the `count` ids from `first` on.
local function stretches(first, count, visit)
  local last = first + count - 1
  if last < RANGE then return visit(first, last) end
  return visit(first, RANGE - 1) or visit(0, last - RANGE)
end

-- Whether the fence holds one of those ids at or below the position. Members are `xid:position`.
local function applied(fence, first, count, position)
  return stretches(first, count, function(low, high)
    for _, member in ipairs(redis.call('ZRANGEBYSCORE', fence, low, high)) do
      if tonumber(string.match(member, ':(%d+)$')) <= position then return true end
    end
    return false
  end)
end

-- The newest id of the fence, as seen from one of it.
local function newestOf(fence, xid)
  stretches(xid, HALF, function(low, high)
    local member = redis.call('ZREVRANGEBYSCORE', fence, high, low, 'LIMIT', 0, 1)[1]
    if member then xid = tonumber(string.match(member, '^(%d+):')) end
    return false
  end)
  return xid
end

-- Drops at most so many members below xmin, oldest first, and raises the floor to the newest of them.
local function forget(control, fence, completed, xmin, most)
  local floor = tonumber(redis.call('HGET', control, 'floor') or false)
  -- A floor that is not below xmin is so old that the numbers have come round: the next one replaces it.
  if floor ~= nil and not precedes(floor, xmin) then floor = nil end
  local left = most
  stretches((xmin - HALF) % RANGE, HALF, function(low, high)
    for _, member in ipairs(redis.call('ZRANGEBYSCORE', fence, low, high, 'LIMIT', 0, left)) do
      local xid = tonumber(string.match(member, '^(%d+):'))
      if floor == nil or precedes(floor, xid) then floor = xid end
      redis.call('ZREM', fence, member)
      redis.call('ZREM', completed, xid)
      left = left - 1
    end
    return left == 0
  end)
  if floor then redis.call('HSET', control, 'floor', string.format('%.0f', floor)) end
end

-- Whether a snapshot is so far behind that looking at all it misses would hold others up: then it is refused unseen.
local function tooMany(fence, xmax)
  local count = 0
  stretches(xmax, HALF, function(low, high)
    count = count + redis.call('ZCOUNT', fence, low, high)
    return false
  end)
  return count > ENOUGH
end

-- The visibility check of a snapshot. ARGV from `at` on: position, xmin, xmax, then what is in progress between the two (all 32-bit).
local function judge(control, fence, completed, at)
  if redis.call('HEXISTS', control, 'hold') == 1 then return 'floor' end
  local position, xmin, xmax = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local floor = tonumber(redis.call('HGET', control, 'floor') or false)
  if floor ~= nil and not precedes(floor, xmin) then return 'floor' end
  for i = at + 3, #ARGV do
    if applied(fence, tonumber(ARGV[i]), 1, position) then return 'unseen' end
  end
  if tooMany(fence, xmax) or applied(fence, xmax, HALF, position) then return 'unseen' end
  if redis.call('ZCARD', fence) > ENOUGH then forget(control, fence, completed, xmin, 1024) end
  return 'stored'
end
