-- leave-lot: a job that came back by itself has begun, so it does not stand in its lot any more.
--
-- KEYS[1]   hash  the job
-- KEYS[2]   hash  lots
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   `<queue>:<job id>`
-- ARGV[3]   token of the lock
-- Returns   1 · 0 it stood in none, or the job is not ours: it may have been put aside again
-- Repeat    safe
-- Cost      10 us. Caller: leave-lot.ts
local rcall = redis.call
local prefix = ARGV[1]
--@include strike.lua

if rcall('GET', KEYS[1] .. ':lock') ~= ARGV[3] then return 0 end
local lot = rcall('HGET', KEYS[1], 'lot')
return lot and strike(lot, { ARGV[2] }) or 0
