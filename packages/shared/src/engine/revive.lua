-- revive: opens a cancelled workflow again, page by page, in two passes. `arm` lets its cancelled jobs wait as they did
-- before; nothing of it runs yet. `run` opens it and decides every job that has nothing left to wait for.
--
-- KEYS[1]   hash  header of the workflow
-- KEYS[2]   list  its jobs
-- KEYS[3]   set   workflows whose cancelling has begun and not ended
-- KEYS[4]   hash  scheduling
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   now, ms
-- ARGV[3]   how many dependents this call may inform
-- ARGV[4]   id of the workflow
-- ARGV[5]   `arm` or `run`
-- ARGV[6]   first job of this page, from 0
-- ARGV[7]   jobs in a page
-- Returns   first job of the next page · -1 the pass is done · -2 no such workflow · -3 jobs of it are still being cancelled ·
--           -4 move it to the present epoch first · -5 it was cancelled before all of it was written · -6 not cancelled
-- Refuses   before the first write
-- Repeat    safe: begun again after a crash it goes on, and a cancelling in between is a cancelling of all of it
-- Cost      about 20 us per job. Caller: revive.ts
local prefix, now, budget = ARGV[1], ARGV[2], tonumber(ARGV[3])
--@include ending.lua

local id, pass, from, size = ARGV[4], ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7])
local workflow = workflowOf(id)
if not workflow.state then return -2 end
local begun = pass == 'run' and from > 0
if workflow.state ~= 'cancelled' and not (begun and workflow.state == 'running') then return -6 end
local header = rcall('HMGET', KEYS[1], 'open', 'waiting', 'total', 'epoch', 'rebased')
if not begun then
  if rcall('SISMEMBER', KEYS[3], id) == 1 or tonumber(header[1]) > tonumber(header[2]) then return -3 end
  if header[4] and (header[5] or header[4] ~= rcall('HGET', KEYS[4], 'epoch')) then return -4 end
  if rcall('LLEN', KEYS[2]) < tonumber(header[3]) then return -5 end
end

-- workers remember what was cancelled; they hear of this one call before anything of it can run
if pass == 'arm' and from == 0 then rcall('PUBLISH', prefix .. '/cancellations', '-' .. id) end
if pass == 'run' and workflow.state == 'cancelled' then
  moveIndex(workflow, 'running')
  rcall('HDEL', KEYS[1], 'finishedAt')
end

local page = rcall('LRANGE', KEYS[2], from, from + size - 1)
for _, suffix in ipairs(page) do
  local at = string.find(suffix, ':', 1, true)
  local q, job = prefix .. ':' .. string.sub(suffix, 1, at - 1) .. ':', string.sub(suffix, at + 1)
  local key = q .. job
  if pass == 'run' then
    if rcall('SCARD', key .. ':dependencies') == 0 then decide(suffix, key) end
  elseif rcall('HGET', key, 'state') == 'cancelled' then
    rcall('ZREM', q .. 'completed', job)
    rcall('ZREM', q .. 'failed', job)
    -- not `ats`: it is the fencing token, and must go on growing
    rcall('HDEL', key, 'state', 'finishedOn', 'processedOn', 'cancel', 'defa', 'failedReason', 'stacktrace', 'stc', 'code',
      'context', 'severity', 'category', 'fingerprint', 'returnvalue')
    rcall('HSET', key, 'atm', 0)
    rcall('ZADD', q .. 'waiting-children', now, job)
    count(workflow, 'cancelled', -1)
    count(workflow, 'waiting', 1)
    count(workflow, 'open', 1)
    announce(workflow, suffix, 'waiting')
  end
end
settleAll()
if #page == size then return from + size end
if pass == 'run' and workflow.state == 'running' and rcall('HGET', KEYS[1], 'open') == '0' then
  -- what ran when it was cancelled was the last, and succeeded: nothing that ends will end the workflow
  local dead = tonumber(rcall('HGET', KEYS[1], 'dead') or 0)
  moveIndex(workflow, dead > 0 and 'failed' or 'succeeded')
  rcall('HSET', KEYS[1], 'finishedAt', now)
  rcall('PUBLISH', prefix .. '/events/' .. id, '{"ended":"' .. workflow.state .. '","at":' .. now .. '}')
end
return -1
