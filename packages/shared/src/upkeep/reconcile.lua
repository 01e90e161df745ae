-- reconcile: compares waiting jobs with their needs and mends what others broke: a need that has ended but is still
-- listed is taken off; a need that vanished counts as failed; a job with nothing left to wait for is decided.
--
-- KEYS[1]   list  residue
-- KEYS[2]   set   dead letters whose replay is under way
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   now, ms
-- ARGV[3]   how many dependents this call may inform
-- ARGV[4..] `<queue>:<job id>` of waiting jobs
-- Returns   { ended but listed, vanished, undecided }: how many of each were mended
-- Refuses   { 0, 0, 0 } while there is residue: what looks broken may just not be finished
-- Repeat    safe
-- Cost      about 3 us per need. Caller: reconcile.ts
local prefix, now, budget = ARGV[1], ARGV[2], tonumber(ARGV[3])
--@include ../engine/ending.lua

if rcall('LLEN', KEYS[1]) > 0 then return { 0, 0, 0 } end
local listed, vanished, undecided = 0, 0, 0

-- How a need ended; nil when it has not, `vanished` when there is no such job.
local function outcomeOf(needKey)
  local fields = rcall('HMGET', needKey, 'state', 'skip', 'wf')
  if not fields[3] then return rcall('EXISTS', needKey) == 0 and 'vanished' or nil end
  if fields[1] == 'skipped' then return fields[2] end
  local suffix = string.sub(needKey, #prefix + 2)
  local at = string.find(suffix, ':', 1, true)
  local q, id = prefix .. ':' .. string.sub(suffix, 1, at - 1) .. ':', string.sub(suffix, at + 1)
  if rcall('ZSCORE', q .. 'completed', id) then return 'succeeded' end
  if rcall('ZSCORE', q .. 'failed', id) then
    local letter = string.sub(suffix, 1, at - 1) .. '~' .. id
    return rcall('SISMEMBER', KEYS[2], letter) == 0 and 'failed' or nil
  end
  return nil
end

-- first look at everything, then mend: what one mending informs must not look broken to the next
local found = {}
for i = 4, #ARGV do
  local suffix = ARGV[i]
  local key = prefix .. ':' .. suffix
  local job = rcall('HMGET', key, 'wf', 'when', 'spawned')
  local at = string.find(suffix, ':', 1, true)
  local queueKey, id = prefix .. ':' .. string.sub(suffix, 1, at - 1), string.sub(suffix, at + 1)
  local workflow = job[1] and workflowOf(job[1])
  if workflow and workflow.state == 'running' and rcall('ZSCORE', queueKey .. ':waiting-children', id) then
    local holds = workflow.hold and (job[3] or (job[2] or 'succeeded') == 'succeeded')
    local needs = rcall('SMEMBERS', key .. ':dependencies')
    if #needs == 0 then found[#found + 1] = { suffix, workflow } end
    for _, member in ipairs(needs) do
      local needKey = needOf(member, job[1])
      local outcome
      if needKey then outcome = outcomeOf(needKey) else outcome = 'vanished' end
      if outcome and not (holds and outcome == 'failed') then
        found[#found + 1] = { suffix, workflow, member, outcome }
      end
    end
  end
end

for _, entry in ipairs(found) do
  local suffix, workflow, member, outcome = unpack(entry)
  if not member then
    decide(suffix, prefix .. ':' .. suffix)
    undecided = undecided + 1
  elseif outcome == 'vanished' then
    if rcall('SADD', workflow.header .. '/vanished', member) == 1 then
      count(workflow, 'open', -1)
      count(workflow, 'dead', 1)
    end
    workflow.hold = false -- what is gone cannot be replayed
    inform(suffix, member, 'failed')
    vanished = vanished + 1
  else
    inform(suffix, member, outcome)
    listed = listed + 1
  end
end
settleAll()
return { listed, vanished, undecided }
