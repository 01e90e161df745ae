-- leave: an attempt has ended; who waits for its place is called back.
--
-- KEYS[1]   hash  lots
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   `<queue>:<job id>`
-- ARGV[3]   token of the lock that it had
-- ARGV[4..] rules, three each, as admit.lua takes them; those that count over a time are left out
-- Returns   how many were called back
-- Repeat    safe
-- Cost      10 us per rule, 25 us more per job that is called back. Caller: admit.ts
local rcall = redis.call
local prefix, lots = ARGV[1], KEYS[1]
--@include ../parking/send-back.lua
--@include room.lua

local called = 0
for _, rule in ipairs(rulesFrom(4)) do
  if rcall('HGET', usedKey(rule.lot), ARGV[2]) == ARGV[3] then rcall('HDEL', usedKey(rule.lot), ARGV[2]) end
  called = called + callBack(rule)
end
return called
