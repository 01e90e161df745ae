-- Fragment: how many more attempts may begin under a rule, and calling back who waits for that. Included by the scripts of
-- this folder.
--
-- Expects   rcall, prefix, lots (key)
-- Provides  usedKey(lot) · calledKey(lot) · roomOf(rule) → how many may begin now, calls under way included ·
--           callBack(rule) → how many were called, how many are left, ms until there will be room (0: unknown)
--           nowUs, by the clock of Redis: those of the workers may differ
--
--   rule     { lot, max, per (us; 0: counted while the attempt runs) }
--   used     per > 0: zset `<suffix>#<token>` by the time of the beginning, us. per = 0: hash suffix → token of the lock.
--            An entry of the hash counts as long as its job is locked with that token.
--   called   zset suffix by the time at which it was sent back, us: it is on its way to a worker, and room is kept for it
local time = rcall('TIME')
local nowUs = tonumber(time[1]) * 1000000 + tonumber(time[2])

-- A job that was sent back and has not come up after so long waits for something else, such as a busy worker: the room that
-- is kept for it is given to others.
local LOST_AFTER = 10000000
-- Entries of a lot looked at by one call: about 5 ms of Redis.
local MOST_ENTRIES = 200

local function text(number) return string.format('%.0f', number) end
local function usedKey(lot) return prefix .. '/used/' .. lot end
local function calledKey(lot) return prefix .. '/called/' .. lot end

local function roomOf(rule)
  local used = usedKey(rule.lot)
  if rule.per == 0 then return rule.max - rcall('HLEN', used) end
  rcall('ZREMRANGEBYSCORE', used, '-inf', text(nowUs - rule.per))
  return rule.max - rcall('ZCARD', used)
end

local function comingOf(rule)
  rcall('ZREMRANGEBYSCORE', calledKey(rule.lot), '-inf', text(nowUs - LOST_AFTER))
  return rcall('ZCARD', calledKey(rule.lot))
end

-- When the rule lets one more begin than those who are called already.
local function waitOf(rule, room, coming)
  if rule.per == 0 then return 0 end
  if coming < room then return 1 end
  local next = rcall('ZRANGE', usedKey(rule.lot), coming - room, coming - room, 'WITHSCORES')
  local us = next[2] and tonumber(next[2]) + rule.per - nowUs or rule.per
  return math.ceil(us / 1000)
end

local function callBack(rule)
  local room, coming = roomOf(rule), comingOf(rule)
  local lot = prefix .. '/lot/' .. rule.lot
  local sent, left = {}, rcall('ZCARD', lot)
  if room > coming and left > 0 then
    sent, left = sendBack(lot, lots, rule.lot, room - coming, MOST_ENTRIES)
    for _, suffix in ipairs(sent) do rcall('ZADD', calledKey(rule.lot), text(nowUs), suffix) end
  end
  return #sent, left, left > 0 and waitOf(rule, room, coming + #sent) or 0
end

local function rulesFrom(first)
  local rules = {}
  for i = first, #ARGV, 3 do
    rules[#rules + 1] = { lot = ARGV[i], max = tonumber(ARGV[i + 1]), per = tonumber(ARGV[i + 2]) * 1000 }
  end
  return rules
end
