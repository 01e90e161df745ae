-- edit: changes the input of a dead letter and of its job, and writes what it was into the audit log: all of it or nothing.
--
-- KEYS[1]   hash    the dead letter
-- KEYS[2]   hash    its job
-- KEYS[3]   set     dead letters whose replay is under way
-- KEYS[4]   stream  audit log
-- ARGV[1]   id of the dead letter
-- ARGV[2]   the letter as it was read, JSON
-- ARGV[3]   the letter as it shall be
-- ARGV[4]   the job's data as it shall be
-- ARGV[5]   entries of the audit log to keep
-- ARGV[6..] fields of the entry: name, value, …
-- Returns   1 changed · 0 no such letter, or it is another one now · -1 it is being replayed · -2 its job is gone
-- Refuses   before the first write
-- Repeat    refused: the letter is another one then
-- Cost      20 us, and the size of the input. Caller: edit.ts
if redis.call('HGET', KEYS[1], 'data') ~= ARGV[2] then return 0 end
if redis.call('SISMEMBER', KEYS[3], ARGV[1]) == 1 then return -1 end
if redis.call('EXISTS', KEYS[2]) == 0 then return -2 end
redis.call('HSET', KEYS[1], 'data', ARGV[3])
redis.call('HSET', KEYS[2], 'data', ARGV[4])
redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[5], '*', unpack(ARGV, 6))
return 1
