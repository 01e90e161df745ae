-- unpark: sends jobs of a lot back to their queues, the most urgent first. Those that came back by themselves are dropped
-- from the lot.
--
-- KEYS[1]   zset  the lot
-- KEYS[2]   hash  lots
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   name of the lot
-- ARGV[3]   how many jobs at most
-- ARGV[4]   how many entries at most, so that a lot full of jobs that are gone does not hold Redis up
-- ARGV[5]   rank to begin with; 0 for the most urgent
-- Returns   { jobs sent back, entries left, `<queue>:<job id>` of the last that was sent back }
-- Repeat    safe
-- Cost      25 us per job. Caller: unpark.ts
local rcall = redis.call
local prefix = ARGV[1]
--@include send-back.lua

local sent, left = sendBack(KEYS[1], KEYS[2], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]))
return { #sent, left, sent[#sent] or '' }
