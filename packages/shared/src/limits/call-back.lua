-- call-back: sends as many jobs of a lot back as its rule has room for. Attempts that have lost their lock, because their
-- worker was killed, count no longer.
--
-- KEYS[1]   hash  lots
-- KEYS[2]   hash  rules
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   name of the lot
-- Returns   { called back, left, ms after which somebody should call again (0: nobody is left) }
-- Repeat    safe: room is kept for those who are called and have not come up
-- Cost      20 us, 2 us per attempt that runs, 25 us per job that is called back. Caller: call-back.ts
local rcall = redis.call
local prefix, lots = ARGV[1], KEYS[1]
--@include ../parking/send-back.lua
--@include room.lua

local slots, max, per = string.match(rcall('HGET', KEYS[2], ARGV[2]) or '', '^(%d+):(%d+):(%d+)$')
if not slots then return { 0, 0, 0 } end
local rule = ruleOf(ARGV[2], slots, max, per)
if rule.slots then
  local holders = rcall('HGETALL', usedKey(rule))
  for i = 1, #holders, 2 do
    if rcall('GET', prefix .. ':' .. holders[i] .. ':lock') ~= holders[i + 1] then
      rcall('HDEL', usedKey(rule), holders[i])
    end
  end
end
local called, left, wait = callBack(rule)
if left == 0 then rcall('HDEL', KEYS[2], ARGV[2]) end -- who is put aside next writes it again
return { called, left, wait }
