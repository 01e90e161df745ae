-- recover: finds jobs whose worker is gone, as BullMQ does, and gives them their place in the queue back. BullMQ puts them
-- before every job that has a priority; a few that stall again and again would keep all others waiting.
--
-- KEYS[1..9]  as BullMQ's moveStalledJobsToWait takes them: stalled, wait, active, stalled-check, meta, paused, marker,
--             events, repeat
-- KEYS[10]  zset  prioritized of the queue
-- ARGV[1]   stalls at most
-- ARGV[2]   prefix of the queue, with its colon
-- ARGV[3]   now, ms
-- ARGV[4]   ms between two checks
-- Returns   ids of the jobs that stalled
-- Repeat    safe
-- Cost      BullMQ's own, and 5 us per stalled job. Caller: backend.ts
--@bullmq recover moveStalledJobsToWait
local stalled = recover({ KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9] },
  { ARGV[1], ARGV[2], ARGV[3], ARGV[4] })
for _, id in ipairs(stalled) do
  local job = redis.call('HMGET', ARGV[2] .. id, 'priority', 'defa')
  -- one that has stalled too often does not run again: it may fail at once
  if (tonumber(job[1]) or 0) > 0 and not job[2] and redis.call('LREM', KEYS[2], -1, id) == 1 then
    redis.call('ZADD', KEYS[10], job[1] * 0x100000000, id)
  end
end
return stalled
