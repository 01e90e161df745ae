-- Fragment: how many more attempts may begin under a rule, and calling back who waits for that. Included by the scripts of
-- this folder.
--
-- Expects   rcall, prefix, lots (key), and parking/send-back.lua
-- Provides  rulesFrom(first argument) · lotKey, usedKey, begunKey, calledKey(rule) · comingOf(rule)
--           roomOf(rule) → how many may run more, how many may begin now (both with those on their way)
--           callBack(rule) → how many were called, how many are left, ms until somebody should call (0: nobody is left)
--           callAll(rules) → { lot, ms until somebody should call, … } of those in which somebody is left
--           nowUs, by the clock of Redis: those of the workers may differ
--
--   rule     { lot, slots (nil: any number), max (nil: any number), per (us) }
--   used     hash suffix → token of the lock: the attempts that run. An entry counts as long as its job is locked with that token.
--   begun    zset `<suffix>#<token>` by the time of the beginning, us
--   called   zset suffix by the time at which it was sent back, us: it is on its way to a worker, and room is kept for it
local time = rcall('TIME')
local nowUs = tonumber(time[1]) * 1000000 + tonumber(time[2])

-- A job that was sent back and has not come up after so long waits for something else, such as a busy worker: the room that
-- is kept for it is given to others.
local LOST_AFTER = 10000000
-- Whoever leaves calls the next. But those who run may have been killed, ms.
local LOOK_AGAIN = 5000
-- Entries of a lot looked at by one call: about 5 ms of Redis.
local MOST_ENTRIES = 200

local function text(number) return string.format('%.0f', number) end
local function lotKey(rule) return prefix .. '/lot/' .. rule.lot end
local function usedKey(rule) return prefix .. '/used/' .. rule.lot end
local function begunKey(rule) return prefix .. '/begun/' .. rule.lot end
local function calledKey(rule) return prefix .. '/called/' .. rule.lot end

local function ruleOf(lot, slots, max, per)
  slots, max = tonumber(slots), tonumber(max)
  return { lot = lot, slots = slots > 0 and slots or nil, max = max > 0 and max or nil, per = tonumber(per) * 1000 }
end

local function rulesFrom(first)
  local rules = {}
  for i = first, #ARGV, 4 do rules[#rules + 1] = ruleOf(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]) end
  return rules
end

local function roomOf(rule)
  local run, begin = math.huge, math.huge
  if rule.slots then run = rule.slots - rcall('HLEN', usedKey(rule)) end
  if rule.max then
    rcall('ZREMRANGEBYSCORE', begunKey(rule), '-inf', text(nowUs - rule.per))
    begin = rule.max - rcall('ZCARD', begunKey(rule))
  end
  return run, begin
end

local function comingOf(rule)
  rcall('ZREMRANGEBYSCORE', calledKey(rule), '-inf', text(nowUs - LOST_AFTER))
  return rcall('ZCARD', calledKey(rule))
end

-- When one more may begin than those who are on their way.
local function waitOf(rule, run, begin, coming)
  if run <= coming then return LOOK_AGAIN end
  if begin > coming then return 1 end
  local next = rcall('ZRANGE', begunKey(rule), coming - begin, coming - begin, 'WITHSCORES')
  return math.ceil((next[2] and tonumber(next[2]) + rule.per - nowUs or rule.per) / 1000)
end

local function callBack(rule)
  local left = rcall('ZCARD', lotKey(rule))
  if left == 0 then return 0, 0, 0 end
  local run, begin = roomOf(rule)
  local coming, sent = comingOf(rule), {}
  local room = math.min(run, begin) - coming
  if room > 0 then
    sent, left = sendBack(lotKey(rule), lots, rule.lot, room, MOST_ENTRIES)
    for _, suffix in ipairs(sent) do rcall('ZADD', calledKey(rule), text(nowUs), suffix) end
  end
  return #sent, left, left > 0 and waitOf(rule, run, begin, coming + #sent) or 0
end

local function callAll(rules)
  local waits = {}
  for _, rule in ipairs(rules) do
    local _, _, wait = callBack(rule)
    if wait > 0 then
      waits[#waits + 1] = rule.lot
      waits[#waits + 1] = wait
    end
  end
  return waits
end
