-- similar: keeps one entry of a task's cache of similar inputs, and drops those that expired or are too many.
--
-- KEYS[1]   hash  id -> vector
-- KEYS[2]   hash  id -> input and output
-- KEYS[3]   zset  ids by the time at which they expire, ms
-- ARGV[1]   id
-- ARGV[2]   vector
-- ARGV[3]   input and output, JSON
-- ARGV[4]   now, ms
-- ARGV[5]   how long it is kept, ms
-- ARGV[6]   most entries; those that expire first go
-- Returns   entries that are there
-- Repeat    safe
-- Cost      10 us. Caller: similar.ts
local rcall = redis.call
local now, ttl = tonumber(ARGV[4]), tonumber(ARGV[5])
rcall('HSET', KEYS[1], ARGV[1], ARGV[2])
rcall('HSET', KEYS[2], ARGV[1], ARGV[3])
rcall('ZADD', KEYS[3], now + ttl, ARGV[1])

local gone = rcall('ZRANGEBYSCORE', KEYS[3], '-inf', now)
local over = rcall('ZCARD', KEYS[3]) - #gone - tonumber(ARGV[6])
if over > 0 then
  for _, id in ipairs(rcall('ZRANGE', KEYS[3], #gone, #gone + over - 1)) do gone[#gone + 1] = id end
end
for _, id in ipairs(gone) do
  rcall('HDEL', KEYS[1], id)
  rcall('HDEL', KEYS[2], id)
  rcall('ZREM', KEYS[3], id)
end
local last = rcall('ZRANGE', KEYS[3], -1, -1, 'WITHSCORES')
if last[2] then
  for i = 1, 3 do rcall('PEXPIREAT', KEYS[i], last[2]) end
end
return rcall('ZCARD', KEYS[3])
