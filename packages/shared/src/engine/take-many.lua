-- take-many: takes the next jobs of a queue, one for each token.
--
-- KEYS[1..7]  of the queue: wait, active, prioritized, delayed, meta, pc, marker
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   the queue's name
-- ARGV[3]   now, ms
-- ARGV[4]   name of the worker
-- ARGV[5]   how long a lock lasts, ms
-- ARGV[6..] tokens for the locks
-- Returns   packed: { jobs as take.lua gives them, when the next delayed job is due }; jobs false: ask moveToActive
-- Repeat    takes other jobs
-- Cost      7 us per job. Caller: take.ts
local rcall = redis.call
local prefix, queue, now = ARGV[1], ARGV[2], ARGV[3]
--@include events.lua
--@include take.lua

local keys = { wait = KEYS[1], active = KEYS[2], prioritized = KEYS[3], delayed = KEYS[4], meta = KEYS[5], pc = KEYS[6],
  marker = KEYS[7] }
local tokens = {}
for i = 6, #ARGV do tokens[#tokens + 1] = ARGV[i] end
local meta = rcall('HMGET', keys.meta, unpack(META))
listens(prefix .. ':' .. queue, meta)
local jobs, due = takeJobs(keys, prefix .. ':' .. queue .. ':', tokens, ARGV[4], ARGV[5], meta)
return cmsgpack.pack({ jobs or false, due or 0 })
