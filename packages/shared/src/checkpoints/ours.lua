-- Fragment: whether the attempt that calls is the one that has the job now. Included by every script that an attempt may
-- call, so that one whose lock was lost changes nothing, however late it wakes up.
--
-- Expects   KEYS[1]  hash    the job
--           KEYS[2]  string  its lock
--           ARGV[1]  token of the lock
--           ARGV[2]  fencing token
-- Provides  ours
--
-- The lock alone does not tell two attempts apart: a BullMQ worker takes one job after the other with the same token, so
-- it may have taken this job again.
local rcall = redis.call
local ours = rcall('GET', KEYS[2]) == ARGV[1] and rcall('HGET', KEYS[1], 'ats') == ARGV[2]
