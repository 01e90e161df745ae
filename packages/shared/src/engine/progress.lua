-- progress: notes how far an attempt is, for whoever looks at the job. Only the holder of its lock may: a worker that was
-- frozen for longer than its lock would write over what the newer attempt says.
--
-- KEYS[1]   hash    the job
-- KEYS[2]   string  its lock
-- KEYS[3]   stream  events of its queue
-- KEYS[4]   hash    meta of its queue
-- ARGV[1]   id of the job
-- ARGV[2]   token of the lock
-- ARGV[3]   progress, JSON
-- Returns   0 · -1 the job is gone · -2 the lock is not ours
-- Refuses   before the first write
-- Repeat    safe
-- Cost      what BullMQ's own costs, and one GET. Caller: progress.ts
--@bullmq report updateProgress

if redis.call('GET', KEYS[2]) ~= ARGV[2] then return -2 end
return report({ KEYS[1], KEYS[3], KEYS[4] }, { ARGV[1], ARGV[3] })
