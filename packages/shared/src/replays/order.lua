-- order: pauses, resumes or stops a paced replay. What was replayed goes on; what was not stays a dead letter.
--
-- KEYS[1]   hash  the paced replay
-- KEYS[2]   list  letters to be replayed
-- ARGV[1]   `pause`, `resume` or `stop`
-- Returns   1 done · 0 it is not in a state for that · -1 no such replay
-- Repeat    safe
-- Cost      freeing the list when it stops. Caller: order.ts
local rcall = redis.call
local time = rcall('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local state, verb = rcall('HGET', KEYS[1], 'state'), ARGV[1]
if not state then return -1 end
if verb == 'pause' and state == 'running' then
  rcall('HSET', KEYS[1], 'state', 'paused')
elseif verb == 'resume' and state == 'paused' then
  rcall('HSET', KEYS[1], 'state', 'running', 'dueAt', now, 'fastAt', now)
elseif verb == 'stop' and (state == 'running' or state == 'paused') then
  rcall('HSET', KEYS[1], 'state', 'stopped', 'why', 'operator', 'finishedAt', now, 'left', rcall('LLEN', KEYS[2]))
  rcall('UNLINK', KEYS[2])
else
  return 0
end
return 1
