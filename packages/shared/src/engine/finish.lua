-- finish: ends a batch of jobs of one queue, releases or skips what needs them, buries what failed for good, and
-- fetches as many next jobs as were asked for. All of it or, per job, nothing.
--
-- KEYS[1..11]   wait, active, prioritized, events, stalled, limiter, delayed, paused, meta, pc, marker of the queue
-- KEYS[12..]    per job: its end set (completed or failed), its own key, its metrics key
-- ARGV[1]       BullMQ's prefix
-- ARGV[2]       the queue's name
-- ARGV[3]       now, ms
-- ARGV[4]       how many dependents this call may inform
-- ARGV[5..]     per job, nine arguments as BullMQ's moveToFinished takes them (6 = fetch a next job?)
-- Returns       per job: BullMQ's negative code, 0, or the next job as moveToActive gives it; last: entries of residue
-- Refuses       per job, with BullMQ's code (-1 gone, -2 and -6 lock not ours, -3 not active, -4 open needs): that job
--               changes nothing of ours
-- Repeat        safe: the second finish of a job is refused
-- Cost          BullMQ's own per job, and ending.lua's per dependent. Caller: backend.ts
--@bullmq finishJob moveToFinished
--@bullmq activateJob moveToActive
local prefix, queue, now, budget = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
--@include ending.lua
--@include bury.lua

local PER_JOB_KEYS, PER_JOB_ARGS = 3, 9
local count_of_jobs = (#KEYS - 11) / PER_JOB_KEYS
local replies, wanting = {}, {}

for i = 1, count_of_jobs do
  local k, a = 11 + (i - 1) * PER_JOB_KEYS, 4 + (i - 1) * PER_JOB_ARGS
  local jobKey, id, target = KEYS[k + 2], ARGV[a + 1], ARGV[a + 5]
  local code = finishJob({
    KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10],
    KEYS[k + 1], jobKey, KEYS[k + 3], KEYS[11],
  }, {
    id, ARGV[a + 2], ARGV[a + 3], ARGV[a + 4], target, '0', ARGV[a + 7], ARGV[a + 8], ARGV[a + 9],
  })
  replies[i] = code
  if code == 0 then
    if ARGV[a + 6] == '1' then wanting[#wanting + 1] = { i, ARGV[a + 8] } end
    local suffix = queue .. ':' .. id
    local id_of_workflow, cancelled = unpack(rcall('HMGET', jobKey, 'wf', 'cancel'))
    if id_of_workflow then
      local workflow = workflowOf(id_of_workflow)
      count(workflow, 'open', -1)
      if target == 'completed' then
        announce(workflow, suffix, 'succeeded')
        ended(jobKey, 'succeeded')
      elseif cancelled or workflow.state == 'cancelled' then -- cancelling may not have come to this job yet
        count(workflow, 'cancelled', 1)
        rcall('HSET', jobKey, 'state', 'cancelled')
        announce(workflow, suffix, 'cancelled')
      else
        count(workflow, 'dead', 1)
        bury(suffix, jobKey)
        announce(workflow, suffix, 'dead')
        ended(jobKey, 'failed')
      end
    elseif target == 'failed' then
      bury(suffix, jobKey)
    end
  end
end

local residue = settleAll()

-- after the releases, so that a dependent just released can be the next job
local queuePrefix = prefix .. ':' .. queue .. ':'
for _, want in ipairs(wanting) do
  replies[want[1]] = activateJob(
    { KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11] },
    { queuePrefix, now, want[2] }
  )
end
replies[count_of_jobs + 1] = residue
return replies
