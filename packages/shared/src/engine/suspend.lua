-- suspend: ends the attempt of a job that spawned others; it now waits for them and then ends with the output given here.
--
-- KEYS[1]   list    active of its queue
-- KEYS[2]   zset    waiting-children of its queue
-- KEYS[3]   set     stalled of its queue
-- KEYS[4]   hash    the job
-- KEYS[5]   string  its lock
-- KEYS[6]   stream  events of its queue
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   now, ms
-- ARGV[3]   how many dependents this call may inform
-- ARGV[4]   `<queue>:<job id>`
-- ARGV[5]   token of the lock
-- ARGV[6]   output, JSON
-- ARGV[7]   span of the attempt, '' where it is not traced
-- Returns   entries of residue · -1 the lock is not ours · -3 not active
-- Refuses   before the first write
-- Repeat    refused: the lock is gone
-- Cost      20 us. Caller: spawn.ts
local prefix, now, budget = ARGV[1], ARGV[2], tonumber(ARGV[3])
--@include ending.lua

if rcall('GET', KEYS[5]) ~= ARGV[5] then return -1 end
local id = string.sub(ARGV[4], string.find(ARGV[4], ':', 1, true) + 1)
if rcall('LREM', KEYS[1], -1, id) == 0 then return -3 end
rcall('DEL', KEYS[5])
rcall('SREM', KEYS[3], id)
rcall('HSET', KEYS[4], 'suspended', ARGV[6])
if ARGV[7] ~= '' then rcall('HSET', KEYS[4], 'span', ARGV[7]) end
rcall('HINCRBY', KEYS[4], 'atm', 1)

local job = rcall('HMGET', KEYS[4], 'wf', 'cancel')
local workflow = workflowOf(job[1])
if job[2] then
  local queueKey = prefix .. ':' .. string.sub(ARGV[4], 1, string.find(ARGV[4], ':', 1, true) - 1)
  rcall('ZADD', queueKey .. ':completed', now, id)
  rcall('HSET', KEYS[4], 'state', 'cancelled', 'finishedOn', now)
  count(workflow, 'cancelled', 1)
  count(workflow, 'open', -1)
else
  rcall('ZADD', KEYS[2], now, id)
  rcall('XADD', KEYS[6], '*', 'event', 'waiting-children', 'jobId', id, 'prev', 'active')
  count(workflow, 'waiting', 1)
  if rcall('SCARD', KEYS[4] .. ':dependencies') == 0 then decide(ARGV[4], KEYS[4]) end
end
return settleAll()
