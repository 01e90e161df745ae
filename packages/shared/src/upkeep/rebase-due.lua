-- rebase-due: moves the epoch when it is old, or when a wrong clock has put it into the future. From then on new workflows
-- are numbered from the new one.
--
-- KEYS[1]   hash  scheduling
-- ARGV[1]   the epoch moves when it is before this time, ms
-- ARGV[2]   and is this time then, ms
-- ARGV[3]   ms in a quantum
-- ARGV[4]   or when it is after this time, ms; it is then put back to this time
-- Returns   1 workflows must be moved, now or still · 0 nothing to do
-- Repeat    safe
-- Caller: rebase.ts
local known = redis.call('HMGET', KEYS[1], 'epoch', 'rebasing')
if not known[1] then return 0 end
if known[2] then return 1 end
local epoch = tonumber(known[1])
local ahead = epoch > tonumber(ARGV[4])
if epoch >= tonumber(ARGV[1]) and not ahead then return 0 end
-- by whole quanta, or numbers would be rounded to new neighbours
local quanta = math.floor(((ahead and ARGV[4] or ARGV[2]) - epoch) / ARGV[3])
redis.call('HSET', KEYS[1], 'epoch', epoch + quanta * ARGV[3], 'rebasing', 1)
return 1
