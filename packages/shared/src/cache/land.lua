-- land: ends the computation of a task's output, with the output or without one.
--
-- KEYS[1]   hash    the job that computed it
-- KEYS[2]   string  its lock
-- KEYS[3]   string  the cached output
-- KEYS[4]   hash    who computes it
-- KEYS[5]   zset    hashes of the task's cached outputs by expiry, ms
-- ARGV[1]   token of the lock
-- ARGV[2]   fencing token
-- ARGV[3]   `<queue>:<job id>` of the job
-- ARGV[4]   output, JSON; empty: there is none
-- ARGV[5]   now, ms
-- ARGV[6]   how long the output is kept, ms
-- ARGV[7]   most outputs of the task that are kept; those that expire first go
-- ARGV[8]   hash of this one
-- ARGV[9]   key of the task's cached outputs, without the hash
-- Returns   1 · -1 the job is not ours; an output is not kept then
-- Repeat    safe
-- Cost      10 us. Caller: outputs.ts
--@include ../checkpoints/ours.lua

local flight = rcall('HMGET', KEYS[4], 'job', 'token', 'ats')
if flight[1] == ARGV[3] and flight[2] == ARGV[1] and flight[3] == ARGV[2] then rcall('DEL', KEYS[4]) end
if ARGV[4] == '' then return 1 end
if not ours then return -1 end

local expires = tonumber(ARGV[5]) + tonumber(ARGV[6])
rcall('SET', KEYS[3], ARGV[4], 'PX', ARGV[6])
rcall('ZADD', KEYS[5], expires, ARGV[8])
rcall('ZREMRANGEBYSCORE', KEYS[5], '-inf', ARGV[5])
local over = rcall('ZCARD', KEYS[5]) - tonumber(ARGV[7])
if over > 0 then
  local oldest = rcall('ZPOPMIN', KEYS[5], over)
  for i = 1, #oldest, 2 do rcall('DEL', ARGV[9] .. oldest[i]) end
end
local last = rcall('ZRANGE', KEYS[5], -1, -1, 'WITHSCORES')
if last[2] then rcall('PEXPIREAT', KEYS[5], last[2]) end
return 1
