-- Fragment: puts a job into its queue, as BullMQ would. Included by ending.lua and spawn.lua.
--
-- Expects   prefix, now, rcall
-- Provides  enqueue(queue key, id, priority, delay, state before) · enqueueAll(): writes what was given to enqueue ·
--           wakeAll(): the same, and wakes idle workers · woken · event of events.lua
--@include events.lua

local woken = {} -- queue key -> true
local lines = {} -- queue key -> { last place given, places given, score, id, score, id, … }

-- In the place that its priority gives it, behind its equals; or after its delay.
local function enqueue(queueKey, id, priority, delay, before)
  if delay > 0 then
    rcall('ZADD', queueKey .. ':delayed', (tonumber(now) + delay) * 0x1000, id)
    local first = rcall('ZRANGE', queueKey .. ':delayed', 0, 0, 'WITHSCORES')
    rcall('ZADD', queueKey .. ':marker', math.floor(tonumber(first[2]) / 0x1000), '1')
    event(queueKey, 'delayed', 'jobId', id, 'delay', tonumber(now) + delay)
  else
    local line = lines[queueKey]
    if not line then
      line = { tonumber(rcall('GET', queueKey .. ':pc')) or 0, 0 }
      lines[queueKey] = line
    end
    line[1], line[2] = line[1] + 1, line[2] + 1
    line[#line + 1] = priority * 0x100000000 + line[1] % 0x100000000
    line[#line + 1] = id
    woken[queueKey] = true
    event(queueKey, 'waiting', 'jobId', id, 'prev', before)
  end
end

local MOST_ARGUMENTS = 1000

local function enqueueAll()
  for queueKey, line in pairs(lines) do
    rcall('INCRBY', queueKey .. ':pc', line[2])
    for from = 3, #line, MOST_ARGUMENTS do
      rcall('ZADD', queueKey .. ':prioritized', unpack(line, from, math.min(from + MOST_ARGUMENTS - 1, #line)))
    end
  end
  lines = {}
end

-- BullMQ's idle workers sleep on this entry. A queue from which the caller takes the next jobs itself may be left out.
local function wakeAll()
  enqueueAll()
  for queueKey in pairs(woken) do
    if not rcall('HGET', queueKey .. ':meta', 'paused') then rcall('ZADD', queueKey .. ':marker', 0, '0') end
  end
end
