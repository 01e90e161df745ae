-- replay: sends the job of a dead letter back to its own queue with fresh attempts, after re-arming what its failure had
-- skipped. Large workflows take several calls; the job starts only after the last.
--
-- KEYS[1]   hash  the dead letter
-- KEYS[2]   zset  prioritized of the dead-letters queue
-- KEYS[3]   list  what is still to be re-armed
-- KEYS[4]   set   dead letters whose replay is under way
-- KEYS[5]   list  residue
-- KEYS[6]   hash  the job
-- KEYS[7..14] of its queue: events, failed, wait, meta, active, marker, prioritized, pc
-- KEYS[15]  hash  scheduling
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   now, ms
-- ARGV[3]   how many dependents this call may re-arm
-- ARGV[4]   id of the dead letter
-- ARGV[5]   `<queue>:<job id>` of the job
-- ARGV[6]   id of the paced replay on whose behalf, noted with the job; '' for none
-- ARGV[7]   score of the letter as it was chosen; another one is a later failure, and no such letter. '' for any
-- Returns   2 replayed · 1 call again · 0 no such letter · -1 its job is gone · -2 its workflow was cancelled ·
--           -3 inform what is left in residue first · -4 move its workflow to the present epoch first
-- Refuses   before the first write
-- Repeat    safe: however many call at once, one of them replays
-- Cost      about 15 us per dependent. Caller: replay.ts
--@bullmq requeue reprocessJob
local prefix, now, budget = ARGV[1], ARGV[2], tonumber(ARGV[3])
--@include ../engine/ending.lua
--@include briefs/briefs.lua

local letter, suffix = ARGV[4], ARGV[5]
local id = string.sub(suffix, string.find(suffix, ':', 1, true) + 1)
if rcall('EXISTS', KEYS[1]) == 0 then return 0 end
if ARGV[7] ~= '' and rcall('ZSCORE', KEYS[2], letter) ~= ARGV[7] then return 0 end
if not rcall('ZSCORE', KEYS[8], id) then return -1 end
local workflowId = rcall('HGET', KEYS[6], 'wf')
local workflow = workflowId and workflowOf(workflowId)
if workflow and workflow.state == 'cancelled' then return -2 end
if rcall('LLEN', KEYS[5]) > 0 then return -3 end
if workflow then
  local numbers = rcall('HMGET', workflow.header, 'epoch', 'rebased')
  if numbers[1] and (numbers[2] or numbers[1] ~= rcall('HGET', KEYS[15], 'epoch')) then return -4 end
end

if rcall('SADD', KEYS[4], letter) == 1 then
  rcall('HSET', KEYS[6], 'replay', ARGV[6])
  rcall('RPUSH', KEYS[3], cjson.encode({ key = KEYS[6], outcome = 'failed', from = FIRST }))
  if workflow and workflow.state == 'failed' then
    moveIndex(workflow, 'running')
    rcall('HDEL', workflow.header, 'finishedAt')
  end
end

-- One dependent waits for the need again; what was skipped is re-armed together with its own dependents.
local function rearm(dependent, member, outcome)
  budget = budget - 1
  local key = prefix .. ':' .. dependent
  local at = string.find(dependent, ':', 1, true)
  local q, job = prefix .. ':' .. string.sub(dependent, 1, at - 1) .. ':', string.sub(dependent, at + 1)
  local fields = rcall('HMGET', key, 'state', 'skip')
  if fields[1] == 'skipped' then
    rcall('ZREM', q .. 'completed', job)
    rcall('HDEL', key, 'state', 'skip', 'returnvalue', 'finishedOn')
    rcall('ZADD', q .. 'waiting-children', now, job)
    count(workflow, 'skipped', -1)
    count(workflow, 'waiting', 1)
    count(workflow, 'open', 1)
    announce(workflow, dependent, 'waiting')
    rcall('RPUSH', KEYS[3], cjson.encode({ key = key, outcome = fields[2], from = FIRST }))
  elseif not rcall('ZSCORE', q .. 'waiting-children', job) then
    return -- it ran, or runs: what the failure set off stays as it is
  end
  if rcall('SADD', key .. ':dependencies', member) == 1 then
    rcall('HINCRBY', key, outcome == 'failed' and 'nf' or 'nu', -1)
  end
end

while budget > 0 do
  local text = rcall('LPOP', KEYS[3])
  if not text then break end
  local entry = cjson.decode(text)
  local rest = eachDependent(entry.key, entry.from, function(dependent, member)
    rearm(dependent, member, entry.outcome)
  end)
  if rest then rcall('LPUSH', KEYS[3], cjson.encode({ key = entry.key, outcome = entry.outcome, from = rest })) end
end
if rcall('LLEN', KEYS[3]) > 0 then
  settleAll()
  return 1
end

rcall('HDEL', KEYS[6], 'code', 'context', 'severity', 'category', 'fingerprint', 'stacktrace', 'defa', 'stc')
-- attempts begin anew, but not `ats`: it is the fencing token, and must go on growing
requeue({ KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11], KEYS[12], KEYS[13], KEYS[14] },
  { id, 'LPUSH', 'failedReason', 'failed', '1', '0' })
unlist(letter)
rcall('DEL', KEYS[1], KEYS[3])
rcall('SREM', KEYS[4], letter)
total('replayed', 1)
if workflow then
  count(workflow, 'dead', -1)
  count(workflow, 'open', 1)
  announce(workflow, suffix, 'queued')
  settleAll()
else
  writeTotals()
end
return 2
