-- Fragment: puts a job into its queue, as BullMQ would. Included by ending.lua and spawn.lua.
--
-- Expects   prefix, now, rcall
-- Provides  enqueue(queue key, id, priority, delay, state before) · wakeAll() · woken · event of events.lua
--@include events.lua

local woken = {} -- queue key -> true

-- In the place that its priority gives it, behind its equals; or after its delay.
local function enqueue(queueKey, id, priority, delay, before)
  if delay > 0 then
    rcall('ZADD', queueKey .. ':delayed', (tonumber(now) + delay) * 0x1000, id)
    local first = rcall('ZRANGE', queueKey .. ':delayed', 0, 0, 'WITHSCORES')
    rcall('ZADD', queueKey .. ':marker', math.floor(tonumber(first[2]) / 0x1000), '1')
    event(queueKey, 'delayed', 'jobId', id, 'delay', tonumber(now) + delay)
  else
    rcall('ZADD', queueKey .. ':prioritized', priority * 0x100000000 + rcall('INCR', queueKey .. ':pc') % 0x100000000, id)
    woken[queueKey] = true
    event(queueKey, 'waiting', 'jobId', id, 'prev', before)
  end
end

-- BullMQ's idle workers sleep on this entry. A queue from which the caller takes the next jobs itself may be left out.
local function wakeAll()
  for queueKey in pairs(woken) do
    if not rcall('HGET', queueKey .. ':meta', 'paused') then rcall('ZADD', queueKey .. ':marker', 0, '0') end
  end
end
