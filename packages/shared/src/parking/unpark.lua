-- unpark: sends jobs of a lot back to their queues, the most urgent first. Those that came back by themselves are dropped
-- from the lot.
--
-- KEYS[1]   zset  the lot
-- KEYS[2]   hash  lots
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   name of the lot
-- ARGV[3]   how many jobs at most
-- ARGV[4]   how many entries at most, so that a lot full of jobs that are gone does not hold Redis up
-- Returns   { jobs sent back, entries left }
-- Repeat    safe
-- Cost      25 us per job. Caller: unpark.ts
--@bullmq promote promote
local rcall = redis.call
local prefix, lot, wanted, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])

local sent = 0
for _, suffix in ipairs(rcall('ZRANGE', KEYS[1], 0, most - 1)) do
  if sent >= wanted then break end
  local at = string.find(suffix, ':', 1, true)
  local q, id = prefix .. ':' .. string.sub(suffix, 1, at - 1) .. ':', string.sub(suffix, at + 1)
  rcall('ZREM', KEYS[1], suffix)
  if rcall('HGET', q .. id, 'lot') == lot then
    local code = promote({ q .. 'delayed', q .. 'wait', q .. 'paused', q .. 'meta', q .. 'prioritized', q .. 'active',
      q .. 'pc', q .. 'events', q .. 'marker' }, { q, id })
    if code == 0 then sent = sent + 1 end
  end
end
local left = rcall('ZCARD', KEYS[1])
if left == 0 then rcall('HDEL', KEYS[2], lot) end
return { sent, left }
