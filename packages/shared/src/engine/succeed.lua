-- succeed: ends a batch of jobs of one queue that succeeded, releases or skips what needs them, and takes as many next jobs
-- as were asked for. All of it or, per job, nothing.
--
-- Does for jobs of workflows what BullMQ's moveToFinished does, without what they never have (parents of BullMQ, keys
-- of deduplication, limits of what is kept), and without an event per job unless the queue wants events.
--
-- KEYS[1..9]  of the queue: wait, active, prioritized, delayed, meta, pc, marker, stalled, completed
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   the queue's name
-- ARGV[3]   now, ms
-- ARGV[4]   how many dependents this call may inform
-- ARGV[5]   name of the worker
-- ARGV[6]   how long a lock lasts, ms
-- ARGV[7]   jobs, packed: { { id, token of the lock, output as JSON, whether a next job is wanted, its span if any }, … }
-- Returns   packed: { codes, next jobs, when the next delayed job is due, entries of residue }
--           codes: per job 0, 1 (not of a workflow, or tied to others by BullMQ: use its own script), or BullMQ's
--           negative code. Next jobs: { id, fields } in the order of those who want one; false: ask moveToActive.
-- Refuses   per job, before its first write: -1 gone, -2 and -6 lock not ours, -3 not active, -4 open needs
-- Repeat    safe: the second end of a job is refused
-- Cost      20 us per job with its successor, and ending.lua's per dependent. Caller: succeed.ts
local prefix, queue, now, budget = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
--@include ending.lua
--@include take.lua

local queueKey = prefix .. ':' .. queue
local base = queueKey .. ':'
local keys = { wait = KEYS[1], active = KEYS[2], prioritized = KEYS[3], delayed = KEYS[4], meta = KEYS[5], pc = KEYS[6],
  marker = KEYS[7] }
local codes, tokens, completed, ids, locks = {}, {}, {}, {}, {}
local meta = rcall('HMGET', keys.meta, unpack(META))
listens(queueKey, meta)

local function refusal(job, key, token)
  if not job[1] then return rcall('EXISTS', key) == 0 and -1 or 1 end
  if job[2] or job[3] then return 1 end
  if job[4] and rcall('SCARD', key .. ':dependencies') > 0 then return -4 end
  local lock = rcall('GET', key .. ':lock')
  if lock ~= token then return lock and -6 or -2 end
  if rcall('LREM', keys.active, -1, ids[#ids]) == 0 then return -3 end -- the first write
  return 0
end

for i, ending in ipairs(cmsgpack.unpack(ARGV[7])) do
  local id, token = ending[1], ending[2]
  local key = base .. id
  local job = rcall('HMGET', key, 'wf', 'parentKey', 'deid', 'spawned', 'atm', 'dependents', 'more')
  ids[#ids + 1] = id
  codes[i] = refusal(job, key, token)
  if codes[i] == 0 then
    locks[#locks + 1] = key .. ':lock'
    rcall('HSET', key, 'atm', job[5] and tonumber(job[5]) + 1 or '1', 'returnvalue', ending[3], 'finishedOn', now)
    if ending[5] then rcall('HSET', key, 'span', ending[5]) end
    event(queueKey, 'completed', 'jobId', id, 'returnvalue', ending[3], 'prev', 'active')
    completed[#completed + 1] = now
    completed[#completed + 1] = id
    local workflow = workflowOf(job[1])
    count(workflow, 'open', -1)
    announce(workflow, queue .. ':' .. id, 'succeeded')
    if job[6] or job[7] then ended(key, 'succeeded', { job[6], job[7] }) end
    if ending[4] then tokens[#tokens + 1] = token end
  else
    ids[#ids] = nil
  end
end
if #ids > 0 then
  rcall('ZADD', KEYS[9], unpack(completed))
  rcall('SREM', KEYS[8], unpack(ids))
  rcall('DEL', unpack(locks))
end

informAll()
-- after the releases, so that a dependent just released can be the next job
local jobs, due = {}, 0
if #tokens > 0 then
  enqueueAll()
  jobs, due = takeJobs(keys, base, tokens, ARGV[5], ARGV[6], meta)
  if jobs then woken[queueKey] = nil end -- takeJobs has woken somebody if there is more
end
local residue = settleAll()
return cmsgpack.pack({ codes, jobs or false, due or 0, residue })
