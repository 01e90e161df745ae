-- park: puts a job that may not start now aside. It goes back to its queue delayed, spends no attempt, and is listed in a
-- lot: the place where everything that waits for the same thing stands.
--
-- KEYS[1..11]  of its queue, as BullMQ's moveToDelayed takes them: marker, active, prioritized, delayed, the job, events,
--              meta, stalled, wait, limiter, pc
-- KEYS[12]  hash  lots: the time of the last parking in each, ms
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
local rcall = redis.call
--@include put-aside.lua

return putAside({
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11],
}, { base = ARGV[1], id = ARGV[3], token = ARGV[4], suffix = ARGV[7] }, {
  lot = ARGV[6], why = ARGV[8], delay = ARGV[5], now = ARGV[2], lots = KEYS[12], lotBase = ARGV[9],
})
