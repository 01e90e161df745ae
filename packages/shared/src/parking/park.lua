-- park: puts a job that may not start now aside. It goes back to its queue delayed, spends no attempt, and is listed in a
-- lot: the place where everything that waits for the same thing stands.
--
-- KEYS[1..11]  of its queue, as BullMQ's moveToDelayed takes them: marker, active, prioritized, delayed, the job, events,
--              meta, stalled, wait, limiter, pc
-- KEYS[12]  zset  the lot: `<queue>:<job id>`, the most urgent first
-- KEYS[13]  hash  lots: the time of the last parking in each, ms
-- ARGV[1]   BullMQ's prefix of the queue, with its colon
-- ARGV[2]   now, ms
-- ARGV[3]   id of the job
-- ARGV[4]   token of the lock
-- ARGV[5]   delay, ms: it comes back by itself after that
-- ARGV[6]   name of the lot
-- ARGV[7]   `<queue>:<job id>`
-- ARGV[8]   why, for people
-- ARGV[9]   key of all lots, without their names
-- Returns   0 · -7 its workflow was cancelled · BullMQ's code when it is gone (-1), not ours (-2, -6) or not active (-3)
-- Repeat    refused: the lock is gone
-- Cost      60 us. Caller: park.ts
--@bullmq delay moveToDelayed
local rcall = redis.call

if rcall('GET', KEYS[5] .. ':lock') ~= ARGV[4] then return -2 end
local fields = rcall('HMGET', KEYS[5], 'lot', 'priority', 'cancel')
if fields[3] then return -7 end
local code = delay({
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11],
}, { ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], '1', '', '0', '' })
if code ~= 0 then return code end

if fields[1] and fields[1] ~= ARGV[6] then rcall('ZREM', ARGV[9] .. fields[1], ARGV[7]) end
rcall('HSET', KEYS[5], 'lot', ARGV[6], 'why', ARGV[8])
rcall('HINCRBY', KEYS[5], 'parkings', 1)
-- those of equal priority in the order in which they came
rcall('ZADD', KEYS[12], (tonumber(fields[2]) or 0) * 0x100000000 + rcall('ZCARD', KEYS[12]), ARGV[7])
rcall('HSET', KEYS[13], ARGV[6], ARGV[2])
return 0
