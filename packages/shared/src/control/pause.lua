-- pause: pauses a task or a workflow, or resumes it. Workers put its jobs aside as they meet them, in the lot of the same
-- name; who resumes calls them back afterwards, and the lot stays noted until that is surely done.
--
-- KEYS[1]   hash    pauses: lot → since when, ms
-- KEYS[2]   zset    resumes: lots whose jobs may still have to be called back, by the time of the resuming, ms
-- KEYS[3]   string  orders
-- KEYS[4]   hash    header of the workflow; absent for a task
-- ARGV[1]   `pause` or `resume`
-- ARGV[2]   lot: `task/<task>` or `workflow/<id>`
-- ARGV[3]   now, ms
-- ARGV[4]   channel of orders
-- Returns   1 done · 0 it was so before · -1 no such workflow · -2 the workflow has ended
-- Refuses   before the first write
-- Repeat    safe; resuming twice calls back twice, which finds nothing
-- Cost      10 us. Caller: pauses.ts
local rcall = redis.call
local pausing, lot, now = ARGV[1] == 'pause', ARGV[2], ARGV[3]

if KEYS[4] then
  local state = rcall('HGET', KEYS[4], 'state')
  if not state then return -1 end
  if pausing and state ~= 'running' and state ~= 'loading' then return -2 end
end

local changed
if pausing then
  changed = rcall('HSETNX', KEYS[1], lot, now)
  rcall('ZREM', KEYS[2], lot)
  if KEYS[4] then rcall('HSETNX', KEYS[4], 'pausedAt', now) end
else
  changed = rcall('HDEL', KEYS[1], lot)
  rcall('ZADD', KEYS[2], now, lot)
  if KEYS[4] then rcall('HDEL', KEYS[4], 'pausedAt') end
end
rcall('INCR', KEYS[3])
rcall('PUBLISH', ARGV[4], lot)
return changed
