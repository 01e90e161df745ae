-- admit: lets a job begin if all rules have room for it, and counts it; else puts it aside in the lot of the first that has
-- none. Whoever waits in a lot goes before whoever comes anew, the most urgent first.
--
-- KEYS[1..11]  of its queue, as put-aside.lua takes them
-- KEYS[12]  hash  lots
-- KEYS[13]  hash  rules: lot → max and ms, for whoever has to call back and does not know the task
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   queue
-- ARGV[3]   id of the job
-- ARGV[4]   token of the lock
-- ARGV[5]   now, ms, of the worker: BullMQ compares delays with such clocks
-- ARGV[6]   ms after which it comes back by itself
-- ARGV[7..] rules, three each: lot, max, ms (0: counted while the attempt runs)
-- Returns   { 1, lot, ms } it may begin · { 0, lot, ms, why } it was put aside · { code } refused, with put-aside.lua's codes
--           ms: until the lot has room for those who wait in it; 0: nobody waits, or somebody who leaves will call
-- Refuses   before the first write
-- Repeat    a job that was put aside has lost its lock: refused
-- Cost      10 us per rule; 80 us when it is put aside. Caller: admit.ts
local rcall = redis.call
local prefix, lots = ARGV[1], KEYS[12]
--@include ../parking/put-aside.lua
--@include ../parking/send-back.lua
--@include room.lua

local suffix, token = ARGV[2] .. ':' .. ARGV[3], ARGV[4]
if rcall('GET', KEYS[5] .. ':lock') ~= token then return { -2 } end
if rcall('HEXISTS', KEYS[5], 'cancel') == 1 then return { -7 } end

local rules = rulesFrom(7)
for _, rule in ipairs(rules) do
  rule.called = rcall('ZREM', calledKey(rule.lot), suffix) == 1
  rcall('ZREM', prefix .. '/lot/' .. rule.lot, suffix)
  if rule.per == 0 then rcall('HDEL', usedKey(rule.lot), suffix) end -- of an attempt before: its lock is gone
end
local full, _
for _, rule in ipairs(rules) do
  local room = roomOf(rule)
  if not rule.called then room = rcall('ZCARD', prefix .. '/lot/' .. rule.lot) > 0 and 0 or room - comingOf(rule) end
  if room <= 0 then
    full = rule
    break
  end
end

if not full then
  local lot, wait = '', 0
  for _, rule in ipairs(rules) do
    if rule.per == 0 then
      rcall('HSET', usedKey(rule.lot), suffix, token)
    else
      rcall('ZADD', usedKey(rule.lot), text(nowUs), suffix .. '#' .. token)
      rcall('PEXPIRE', usedKey(rule.lot), rule.per / 1000 + 1000)
      lot = rule.lot
      _, _, wait = callBack(rule)
    end
  end
  return { 1, lot, wait }
end

local why = full.per == 0
  and 'as many as may (' .. full.max .. ') run already'
  or 'as many as may (' .. full.max .. ' per ' .. full.per / 1000 .. ' ms) began just now'
local code = putAside({
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11],
}, { base = prefix .. ':' .. ARGV[2] .. ':', id = ARGV[3], token = token, suffix = suffix }, {
  lot = full.lot, why = why, delay = ARGV[6], now = ARGV[5], lots = lots, lotBase = prefix .. '/lot/',
})
if code ~= 0 then return { code } end
rcall('HSET', KEYS[13], full.lot, full.max .. ':' .. full.per / 1000)
local waits = {}
for _, rule in ipairs(rules) do -- room that was kept for this job under another rule is for others now
  _, _, waits[rule.lot] = callBack(rule)
end
return { 0, full.lot, waits[full.lot], why }
