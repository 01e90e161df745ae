-- Fragment: BullMQ's event stream of a queue. Included by ending.lua and take-many.lua.
--
-- Expects   rcall
-- Provides  listens(queue key, meta) · event(queue key, name, field, value, …)
--
-- It is written only when somebody said that he listens (`events` is `on` in the queue's `meta`): an event costs as much as the
-- rest of a job's end. It is as long as BullMQ makes it: `opts.maxLenEvents`, else about 10,000 entries.
local listened = {} -- queue key -> longest stream, or false

-- For callers that have read `events` and `opts.maxLenEvents` of the queue, the first two of `meta`.
local function listens(queueKey, meta)
  listened[queueKey] = meta[1] == 'on' and (meta[2] or 10000)
end

local function event(queueKey, ...)
  if listened[queueKey] == nil then listens(queueKey, rcall('HMGET', queueKey .. ':meta', 'events', 'opts.maxLenEvents')) end
  if listened[queueKey] then rcall('XADD', queueKey .. ':events', 'MAXLEN', '~', listened[queueKey], '*', 'event', ...) end
end
