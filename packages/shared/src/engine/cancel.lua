-- cancel: ends a workflow and, page by page, its jobs. The first call is final: from then on nothing is released.
-- Running jobs are marked; their attempt is told to stop, and whatever it does, the job does not run again.
--
-- KEYS[1]   hash  header of the workflow
-- KEYS[2]   list  its jobs
-- KEYS[3]   set   workflows whose cancelling has begun and not ended
-- KEYS[4]   string  orders
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   now, ms
-- ARGV[3]   id of the workflow
-- ARGV[4]   first job of this page, from 0
-- ARGV[5]   jobs in a page
-- Returns   first job of the next page · -1 done, or the workflow had ended before · -2 no such workflow
-- Repeat    safe
-- Cost      about 10 us per job. Caller: cancel.ts
local prefix, now, budget = ARGV[1], ARGV[2], 0
--@include ending.lua
--@include ../parking/strike.lua

local id, from, size = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local workflow = workflowOf(id)
if not workflow.state then return -2 end
if workflow.state == 'succeeded' or workflow.state == 'failed' then return -1 end
if workflow.state ~= 'cancelled' then
  moveIndex(workflow, 'cancelled')
  rcall('HSET', KEYS[1], 'finishedAt', now)
  totalEnd('cancelled', rcall('HGET', KEYS[1], 'submittedAt'), false)
  rcall('SADD', KEYS[3], id)
  rcall('INCR', KEYS[4])
  rcall('PUBLISH', prefix .. '/cancellations', id)
  rcall('PUBLISH', prefix .. '/events/' .. id, '{"ended":"cancelled","at":' .. now .. '}')
end

local page = rcall('LRANGE', KEYS[2], from, from + size - 1)
for _, suffix in ipairs(page) do
  local at = string.find(suffix, ':', 1, true)
  local q, job = prefix .. ':' .. string.sub(suffix, 1, at - 1) .. ':', string.sub(suffix, at + 1)
  local key = q .. job
  local over = rcall('ZSCORE', q .. 'completed', job) or rcall('ZSCORE', q .. 'failed', job)
  if not over and rcall('EXISTS', key) == 1 then
    local waiting = rcall('ZREM', q .. 'waiting-children', job) == 1
    if waiting then count(workflow, 'waiting', -1) end
    if waiting or rcall('ZREM', q .. 'prioritized', job) == 1 or rcall('ZREM', q .. 'delayed', job) == 1
      or rcall('LREM', q .. 'wait', 0, job) > 0 then
      rcall('ZADD', q .. 'completed', now, job)
      rcall('HSET', key, 'state', 'cancelled', 'finishedOn', now)
      local lot = rcall('HGET', key, 'lot')
      if lot then strike(lot, { suffix }) end
      count(workflow, 'cancelled', 1)
      count(workflow, 'open', -1)
    else
      -- BullMQ fails a job that carries `defa` without running it, should a worker take it once more
      rcall('HSET', key, 'cancel', 1, 'code', 'MILLRACE_CANCELLED', 'defa', 'the workflow was cancelled')
    end
  end
end
settleAll()
if #page == size then return from + size end
rcall('SREM', KEYS[3], id)
return -1
