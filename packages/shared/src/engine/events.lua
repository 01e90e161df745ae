-- Fragment: BullMQ's event stream of a queue. Included by ending.lua and take-many.lua.
--
-- Expects   rcall
-- Provides  event(queue key, name, field, value, …)
--
-- It is written only when somebody said that he listens (`events` is `on` in the queue's `meta`): an event costs as much as the
-- rest of a job's end.
local listened = {} -- queue key -> boolean

local function event(queueKey, ...)
  if listened[queueKey] == nil then listened[queueKey] = rcall('HGET', queueKey .. ':meta', 'events') == 'on' end
  if listened[queueKey] then rcall('XADD', queueKey .. ':events', 'MAXLEN', '~', 10000, '*', 'event', ...) end
end
