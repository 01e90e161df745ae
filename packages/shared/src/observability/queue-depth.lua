-- queue-depth: how many jobs of a queue wait for a slot, by level, and since when the first of each level does. Levels are
-- told from places spread evenly over the order, so that a queue of half a million costs as much as one of a thousand.
--
-- KEYS[1]   zset  prioritized of the queue
-- KEYS[2]   list  wait of the queue: jobs handed back
-- ARGV[1]   prefix of the pool
-- ARGV[2]   name of the queue
-- ARGV[3]   places looked at, at most
-- ARGV[4]   ms in a quantum
-- ARGV[5..] per level, the most urgent first: the least that its jobs' numbers can be beyond the turn of their workflow
-- Returns   { jobs prioritized, jobs in wait, { jobs looked at, by level }, { since when the first of each level can run, ms,
--           0 when none was met } }
-- Repeat    safe: it only reads
-- Cost      6 us per place. Caller: queue-depth.ts
local rcall = redis.call
local prefix, queue, places, quantum = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local base = prefix .. ':' .. queue .. ':'
local MOST_NEEDS = 32

local seen, since = {}, {}
for level = 1, #ARGV - 4 do
  seen[level], since[level] = 0, 0
end

local floors = {}
for level = 1, #ARGV - 4 do floors[level] = tonumber(ARGV[level + 4]) end
--@include ../scheduling/level-of.lua

-- Submitted and its delay over, released by its last need, or taken before: whichever was last.
local function runnableSince(key)
  local job = rcall('HMGET', key, 'timestamp', 'opts', 'processedOn', 'data')
  local delay = tonumber(string.match(job[2] or '', '"delay":(%d+)')) or 0
  local last = math.max((tonumber(job[1]) or 0) + delay, tonumber(job[3]) or 0)
  local workflow = string.match(job[4] or '', '^{"workflow":"([^"]+)"')
  local needs = workflow and string.match(job[4], '"needs":(%b{})')
  local left = MOST_NEEDS
  for name, of in string.gmatch(needs or '', '"([^"]+)":"([^"]+)"') do
    if left == 0 then break end
    left = left - 1
    local ended = rcall('HGET', prefix .. ':' .. of .. ':' .. workflow .. '.' .. name, 'finishedOn')
    last = math.max(last, (tonumber(ended) or 0) + delay)
  end
  return last
end

local function look(id)
  local job = rcall('HMGET', base .. id, 'wf', 'priority')
  if not job[1] or not job[2] then return end
  local level = levelOf(job[1], job[2])
  seen[level] = seen[level] + 1
  if since[level] == 0 then since[level] = runnableSince(base .. id) end
end

local count = rcall('ZCARD', KEYS[1])
for _, id in ipairs(rcall('LRANGE', KEYS[2], -places, -1)) do look(id) end
if count <= places then
  for _, id in ipairs(rcall('ZRANGE', KEYS[1], 0, -1)) do look(id) end
else
  for place = 0, places - 1 do
    local rank = math.floor(place * count / places)
    local id = rcall('ZRANGE', KEYS[1], rank, rank)[1]
    if id then look(id) end
  end
end
return { count, rcall('LLEN', KEYS[2]), seen, since }
