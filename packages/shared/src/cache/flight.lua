-- flight: finds the cached output of a task, or decides who computes it: of equal jobs that run at once in the whole pool,
-- one. Whoever computes holds no lease that could expire: the lock of its job is the lease.
--
-- KEYS[1]   hash    the job that asks
-- KEYS[2]   string  its lock
-- KEYS[3]   string  the cached output
-- KEYS[4]   hash    who computes it: { job = `<queue>:<job id>`, token, ats, since }
-- KEYS[5]   zset    the lot in which the others wait
-- ARGV[1]   token of the lock
-- ARGV[2]   fencing token
-- ARGV[3]   BullMQ's prefix
-- ARGV[4]   `<queue>:<job id>` of the job that asks
-- ARGV[5]   now, ms
-- ARGV[6]   how long a computation that nobody ends is remembered, ms
-- Returns   { 2, output, jobs in the lot } · { 1 } compute it · { 0, ms since it is computed, by which job } ·
--           { -1 } the job is not ours
-- Repeat    safe
-- Cost      8 us. Caller: outputs.ts
--@include ../checkpoints/ours.lua

if not ours then return { -1 } end
local output = rcall('GET', KEYS[3])
if output then return { 2, output, rcall('ZCARD', KEYS[5]) } end

local flight = rcall('HMGET', KEYS[4], 'job', 'token', 'ats', 'since')
if flight[1] and flight[1] ~= ARGV[4] then
  local key = ARGV[3] .. ':' .. flight[1]
  if rcall('GET', key .. ':lock') == flight[2] and rcall('HGET', key, 'ats') == flight[3] then
    return { 0, tonumber(ARGV[5]) - tonumber(flight[4]), flight[1] }
  end
end
rcall('HSET', KEYS[4], 'job', ARGV[4], 'token', ARGV[1], 'ats', ARGV[2], 'since', ARGV[5])
rcall('PEXPIRE', KEYS[4], ARGV[6])
return { 1 }
