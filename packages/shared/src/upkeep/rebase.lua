-- rebase: moves jobs of workflows to a later epoch: their numbers become smaller by as many quanta as the epoch moved, so
-- that their order stays. At most so many jobs a call.
--
-- KEYS[1]   hash  scheduling
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   ms in a quantum
-- ARGV[3]   jobs at most
-- ARGV[4]   position in the list of jobs of the first workflow, from 0
-- ARGV[5..] ids of workflows
-- Returns   { workflows done, position to go on from in the next of them, jobs moved }
-- Repeat    safe: a workflow knows the epoch of its numbers, and so does a job while its workflow is being moved
-- Cost      10 us per job. Caller: rebase.ts
local rcall = redis.call
local prefix, quantum, left = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local LAST_NUMBER = 2097151 -- BullMQ's priorities end here
local QUANTUM_OF_SCORE = 0x100000000 -- BullMQ's score is number * 2^32 + a counter
local current = rcall('HGET', KEYS[1], 'epoch')
local moved = 0

local function moveJob(suffix, target, quanta)
  local at = string.find(suffix, ':', 1, true)
  local key = prefix .. ':' .. suffix
  local job = rcall('HMGET', key, 'priority', 'epoch', 'opts', 'lot')
  if not job[1] or job[2] == target then return end
  -- at 1 it is unknown how far before the others a job belongs: it stays there
  local number = math.max(1, math.min(LAST_NUMBER, job[1] - quanta))
  if job[1] == '1' then number = 1 end
  local less = job[1] - number
  -- BullMQ keeps the number twice
  rcall('HSET', key, 'priority', number, 'epoch', target)
  if job[3] then -- of a job that is delayed or traced
    local opts = string.gsub(job[3], '("priority":)%d+', function(name) return name .. string.format('%d', number) end, 1)
    rcall('HSET', key, 'opts', opts)
  end
  local zset = prefix .. ':' .. string.sub(suffix, 1, at - 1) .. ':prioritized'
  local id = string.sub(suffix, at + 1)
  local score = rcall('ZSCORE', zset, id)
  if score then rcall('ZADD', zset, 'XX', score - less * QUANTUM_OF_SCORE, id) end
  if job[4] then rcall('ZADD', prefix .. '/lot/' .. job[4], 'XX', 'INCR', -less * QUANTUM_OF_SCORE, suffix) end
  moved = moved + 1
end

local done, from = 0, tonumber(ARGV[4])
for i = 5, #ARGV do
  local header = prefix .. '/workflow/' .. ARGV[i]
  local known = rcall('HMGET', header, 'epoch', 'rebased')
  while known[1] and (known[2] or known[1] ~= current) do
    if left <= 0 then return { done, from, moved } end
    if not known[2] then
      known = { current, known[1] }
      rcall('HSET', header, 'epoch', current, 'rebased', known[2])
      from = 0
    end
    local page = rcall('LRANGE', header .. '/jobs', from, from + left - 1)
    local quanta = math.floor((known[1] - known[2]) / quantum)
    for _, suffix in ipairs(page) do moveJob(suffix, known[1], quanta) end
    left, from = left - math.max(1, #page), from + #page
    if from < rcall('LLEN', header .. '/jobs') then return { done, from, moved } end
    rcall('HDEL', header, 'rebased')
    known, from = { known[1], false }, 0
  end
  done, from = done + 1, 0
end
return { done, 0, moved }
