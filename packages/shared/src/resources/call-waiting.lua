-- call-waiting: sends jobs that wait for a resource back to their queues, unless its breaker is open: a worker that has not
-- heard of it yet would call in vain. First those that were turned away by a full bulkhead: they have been called once.
--
-- KEYS[1]   hash  breakers that are not closed -> state, as JSON
-- KEYS[2]   zset  lot of the bulkhead
-- KEYS[3]   zset  lot of the breaker
-- KEYS[4]   hash  lots
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   name of the resource
-- ARGV[3]   how many jobs at most
-- ARGV[4]   how many entries of each lot at most, so that one full of jobs that are gone does not hold Redis up
-- Returns   how many were sent back
-- Repeat    safe
-- Cost      25 us per job. Caller: call-waiting.ts
local rcall = redis.call
local prefix, name, wanted, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
if rcall('HEXISTS', KEYS[1], name) == 1 then return 0 end
--@include ../parking/send-back.lua

local sent = #sendBack(KEYS[2], KEYS[4], 'bulkhead/' .. name, wanted, most)
if sent < wanted then sent = sent + #sendBack(KEYS[3], KEYS[4], 'breaker/' .. name, wanted - sent, most) end
return sent
