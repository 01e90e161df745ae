-- leave: an attempt has ended; who waits for its place is called back.
--
-- KEYS[1]   hash  lots
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   `<queue>:<job id>`
-- ARGV[3]   token of the lock that it had
-- ARGV[4..] rules, as admit.lua takes them; those without slots are left out
-- Returns   { lot, ms, … } somebody should call back from this lot after so long
-- Repeat    safe
-- Cost      10 us per rule, 25 us more per job that is called back. Caller: admit.ts
local rcall = redis.call
local prefix, lots = ARGV[1], KEYS[1]
--@include ../parking/send-back.lua
--@include room.lua

local rules = rulesFrom(4)
for _, rule in ipairs(rules) do
  if rcall('HGET', usedKey(rule), ARGV[2]) == ARGV[3] then rcall('HDEL', usedKey(rule), ARGV[2]) end
end
return callAll(rules)
