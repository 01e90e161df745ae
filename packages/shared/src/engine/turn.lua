-- Fragment: gives a workflow its turn: the time it counts as submitted. Start-time fair queueing: every tenant has a line
-- per level, a job takes some milliseconds of it, and a workflow's turn is the end of its tenant's line, or now when the
-- line has ended. A tenant that comes anew while others wait since long begins beside the first of them, not behind the
-- last. After Goyal, Vin and Cheng 1996, "Start-time fair queueing", SIGCOMM '96. Included by ingest.lua.
--
-- Expects   rcall, prefix, now, enqueue.lua
-- Provides  takeTurn(scheduling, tenants, wish) → turn (ms), epoch (ms) · baseOf(turn, epoch, wish) → a number ·
--           writeTurns(scheduling): once, at the end of the script
--           wish = { quantum, level, its offset, boost, ms of the line, tenant or '', a queue of the workflow }
-- Cost      3 us; where there are tenants, up to 100 us more for one that comes anew.
local LOOKED_AT = 64 -- waiting jobs among which the first of the level is sought
local DAY = 86400000
local LONGEST_LINE = 6 * 3600000 -- 864,000 jobs; what ends later was submitted by a clock that is wrong

-- A quantum before the turn of the first waiting job of the level; now when none is found. Only this level is looked at: what waits
-- in a higher one may rightly stay ahead.
local function frontOf(epoch, wish)
  local quantum, level, offset, queue = wish[1], wish[2], wish[3], wish[7]
  local q = prefix .. ':' .. queue .. ':'
  local nowNumber = offset + math.floor((now - epoch) / quantum)
  enqueueAll() -- what this script has put in line counts too
  local first = rcall('ZRANGE', q .. 'prioritized', 0, LOOKED_AT - 1, 'WITHSCORES')
  for i = 1, #first, 2 do
    local number = math.floor(tonumber(first[i + 1]) / 0x100000000)
    if number >= nowNumber then break end
    local workflow = rcall('HGET', q .. first[i], 'wf')
    if workflow and rcall('HGET', prefix .. '/workflow/' .. workflow, 'priority') == level then
      return epoch + (number - offset - 1) * quantum
    end
  end
  return tonumber(now)
end

local turns -- what the script has read of the scheduling, and what of it has changed

local function takeTurn(scheduling, tenants, wish)
  local level, length, tenant = wish[2], wish[5], wish[6]
  local known = turns
  if not known then
    local fields = rcall('HMGET', scheduling, 'epoch', 'tenants')
    known = { epoch = tonumber(fields[1]), tenants = fields[2], ends = {}, changed = {} }
    turns = known
  end
  local epoch = known.epoch
  if not epoch then
    epoch = tonumber(now)
    known.epoch = epoch
    known.changed.epoch = now
  end
  if not known.ends[level] then known.ends[level] = tonumber(rcall('HGET', scheduling, level)) or 0 end
  local last = known.ends[level]
  if tenant ~= '' then
    last = tonumber(rcall('ZSCORE', tenants, tenant)) or 0
    if not known.tenants then known.tenants, known.changed.tenants = 1, 1 end
  end
  local turn = tonumber(now)
  if last > turn + LONGEST_LINE then last = turn end
  if last > turn then
    turn = last
  elseif tenant ~= '' or known.tenants then
    turn = math.max(last, frontOf(epoch, wish))
  end
  if tenant == '' then
    known.ends[level] = turn + length
    known.changed[level] = turn + length
  else
    rcall('ZADD', tenants, turn + length, tenant)
    rcall('ZREMRANGEBYSCORE', tenants, '-inf', now - DAY)
  end
  return turn, epoch
end

local function writeTurns(scheduling)
  if not turns then return end
  for field, value in pairs(turns.changed) do rcall('HSET', scheduling, field, value) end
  turns = nil
end

local function baseOf(turn, epoch, wish)
  return math.floor((turn - epoch) / wish[1]) - wish[4]
end
