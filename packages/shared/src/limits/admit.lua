-- admit: lets a job begin if all rules have room for it, and counts it; else puts it aside in the lot of the first that has
-- none. Whoever waits in a lot goes before whoever comes anew, the most urgent first.
--
-- KEYS[1..11]  of its queue, as put-aside.lua takes them
-- KEYS[12]  hash  lots
-- KEYS[13]  hash  rules: lot → `<slots>:<max>:<ms>`, 0 for none, for whoever has to call back and does not know the task
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   queue
-- ARGV[3]   id of the job
-- ARGV[4]   token of the lock
-- ARGV[5]   now, ms, of the worker: BullMQ compares delays with such clocks
-- ARGV[6]   ms after which it comes back by itself
-- ARGV[7..] rules, four each: lot, slots, max, ms; 0 for none
-- Returns   { 1, waits } it may begin · { 0, waits, lot, why } it was put aside · { code } refused, with put-aside.lua's codes
--           waits: { lot, ms, … } somebody should call back from this lot after so long
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
  rule.called = rcall('ZREM', calledKey(rule), suffix) == 1
  rcall('ZREM', lotKey(rule), suffix)
  if rule.slots then rcall('HDEL', usedKey(rule), suffix) end -- of an attempt before: its lock is gone
end

-- Why a job may not begin, or nil. Who was called finds room; who comes anew waits behind those who wait.
local function refusalOf(rule)
  local run, begin = roomOf(rule)
  local kept = rule.called and 0 or comingOf(rule)
  if run <= kept then return 'as many as may run at once (' .. rule.slots .. ') do' end
  if begin <= kept then return 'as many as may begin (' .. rule.max .. ' per ' .. rule.per / 1000 .. ' ms) did just now' end
  if not rule.called and rcall('ZCARD', lotKey(rule)) > 0 then return 'others wait before it' end
  return nil
end

local full, why
for _, rule in ipairs(rules) do
  why = refusalOf(rule)
  if why then
    full = rule
    break
  end
end

if not full then
  for _, rule in ipairs(rules) do
    if rule.slots then rcall('HSET', usedKey(rule), suffix, token) end
    if rule.max then
      rcall('ZADD', begunKey(rule), text(nowUs), suffix .. '#' .. token)
      rcall('PEXPIRE', begunKey(rule), rule.per / 1000 + 1000)
    end
  end
  return { 1, callAll(rules) } -- what room is left is for those who wait
end

local code = putAside({
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11],
}, { base = prefix .. ':' .. ARGV[2] .. ':', id = ARGV[3], token = token, suffix = suffix }, {
  lot = full.lot, why = why, delay = ARGV[6], now = ARGV[5], lots = lots, lotBase = prefix .. '/lot/',
})
if code ~= 0 then return { code } end
rcall('HSET', KEYS[13], full.lot, (full.slots or 0) .. ':' .. (full.max or 0) .. ':' .. full.per / 1000)
return { 0, callAll(rules), full.lot, why } -- room that was kept for this job is for those who wait
