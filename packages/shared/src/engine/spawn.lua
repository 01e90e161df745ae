-- spawn: adds jobs to a running workflow as needs of the job that spawns them. Only the holder of its lock may.
--
-- KEYS[1]   hash    header of the workflow
-- KEYS[2]   list    its jobs
-- KEYS[3]   hash    the spawning job
-- KEYS[4]   string  its lock
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   now, ms
-- ARGV[3]   id of the workflow
-- ARGV[4]   `<queue>:<job id>` of the spawning job
-- ARGV[5]   token of its lock
-- ARGV[6]   most jobs a workflow may have
-- ARGV[7]   ms in a quantum
-- ARGV[8..] jobs, packed as insert.lua says; their places count from the number of the spawning job
-- Returns   how many were added · -1 the lock is not ours · -2 too many jobs · -3 the workflow is not running
-- Refuses   before the first write
-- Repeat    safe: jobs that exist are left alone, so an attempt that spawns again spawns the same
-- Cost      about 40 us per job. Caller: spawn.ts
local rcall = redis.call
local prefix, now, id = ARGV[1], ARGV[2], ARGV[3]
--@include enqueue.lua
--@include totals.lua
--@include insert.lua
--@include ../capacity/count-open.lua

if rcall('GET', KEYS[4]) ~= ARGV[5] then return -1 end
local header = rcall('HMGET', KEYS[1], 'state', 'total', 'epoch', 'rebased', 'tenant')
if header[1] ~= 'running' then return -3 end

local fresh = {}
for i = 8, #ARGV do
  local job = cmsgpack.unpack(ARGV[i])
  if rcall('EXISTS', prefix .. ':' .. job[1] .. ':' .. job[2]) == 0 then fresh[#fresh + 1] = job end
end
if tonumber(header[2]) + #fresh > tonumber(ARGV[6]) then return -2 end

-- from the first spawn on, the job is decided by what it spawned, no longer by its own needs
if rcall('HSETNX', KEYS[3], 'spawned', 1) == 1 then rcall('HDEL', KEYS[3], 'nf', 'nu') end

-- while the workflow is being re-based, the spawning job may still have its old number
local spawner = rcall('HMGET', KEYS[3], 'priority', 'epoch')
local base, epoch = tonumber(spawner[1]) or 1, header[4] and header[3]
if epoch and spawner[2] ~= epoch then base = base - math.floor((epoch - header[4]) / ARGV[7]) end

local suffixes, waiting = {}, 0
for _, job in ipairs(fresh) do
  local suffix = job[1] .. ':' .. job[2]
  suffixes[#suffixes + 1] = suffix
  rcall('SADD', KEYS[3] .. ':dependencies', prefix .. ':' .. suffix)
  if insertJob(id, job, base, epoch) then waiting = waiting + 1 end
end
if #suffixes > 0 then
  rcall('RPUSH', KEYS[2], unpack(suffixes))
  rcall('HINCRBY', KEYS[1], 'total', #suffixes)
  rcall('HINCRBY', KEYS[1], 'open', #suffixes)
  if header[5] then countOpen(header[5], #suffixes) end
  if waiting > 0 then rcall('HINCRBY', KEYS[1], 'waiting', waiting) end
end
waitAll()
wakeAll()
writeTotals()
return #suffixes
