-- recall: reads what was kept, for the attempt that has the job now.
--
-- KEYS[1]   hash    the job
-- KEYS[2]   string  its lock
-- KEYS[3]   hash    what is kept
-- ARGV[1]   token of the lock
-- ARGV[2]   fencing token
-- ARGV[3]   field
-- Returns   { 1, value } · { 1 } there is none · { -1 } the job is not ours
-- Repeat    safe
-- Cost      3 us. Caller: kept.ts
--@include ours.lua

if not ours then return { -1 } end
return { 1, rcall('HGET', KEYS[3], ARGV[3]) or nil }
