-- job-facts: a job as it is now, what it needs and what stands before it in its queue. Reads only.
--
-- KEYS[1]   hash  the job
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   queue
-- ARGV[3]   id of the job
-- ARGV[4]   open needs that are named, at most
-- ARGV[5]   places looked at before it, at most
-- ARGV[6]   ms in a quantum
-- ARGV[7..] floors of the levels, see scheduling/level-of.lua
-- Returns   { fields, state, delayed until (ms, 0 for not), { rank, jobs } of its lot or {}, { open needs, { suffix, state, … } },
--           { jobs before it, { of those looked at, by level }, { task, count, … } } or {}, { state, onFailure, open, waiting, dead }
--           of its workflow }; {} when there is no such job
--           fields  as FIELDS below, '' for what is absent
-- Cost      30 us, 8 us per need that is named, 3 us per place. Caller: read-job.ts
local rcall = redis.call
local prefix, queue, id = ARGV[1], ARGV[2], ARGV[3]
local mostNeeds, places, quantum = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local floors = {}
for i = 7, #ARGV do floors[#floors + 1] = tonumber(ARGV[i]) end
--@include ../views/state-of.lua
--@include ../engine/dependents.lua
--@include ../scheduling/level-of.lua
local FIELDS = { 'name', 'data', 'ats', 'atm', 'parkings', 'pb', 'processedOn', 'finishedOn', 'failedReason', 'code', 'skip', 'lot',
  'why', 'suspended', 'wf', 'state' }

local key, q = KEYS[1], prefix .. ':' .. queue .. ':'
local fields = rcall('HMGET', key, unpack(FIELDS))
if not fields[1] then return {} end
for i = 1, #FIELDS do fields[i] = fields[i] or '' end
local lot, workflow, known = fields[12], fields[15], fields[16]
local state = known ~= '' and known or stateOf(q, id, key)

local score = state == 'delayed' and rcall('ZSCORE', q .. 'delayed', id)
local until_ = score and math.floor(tonumber(score) / 0x1000) or 0

local place = {}
if state == 'delayed' and lot ~= '' then
  local rank = rcall('ZRANK', prefix .. '/lot/' .. lot, queue .. ':' .. id)
  if rank then place = { rank, rcall('ZCARD', prefix .. '/lot/' .. lot) } end
end

local needs = { 0, {} }
if state == 'waiting' then
  needs[1] = rcall('SCARD', key .. ':dependencies')
  local left = mostNeeds
  for _, member in ipairs(rcall('SSCAN', key .. ':dependencies', 0, 'COUNT', mostNeeds)[2]) do
    if left == 0 then break end
    left = left - 1
    local need = needOf(member, workflow) or key .. '?'
    local suffix = string.sub(need, #prefix + 2)
    local at = string.find(suffix, ':', 1, true)
    local of = rcall('HGET', need, 'state')
    if not of then of = stateOf(prefix .. ':' .. string.sub(suffix, 1, at), string.sub(suffix, at + 1), need) end
    needs[2][#needs[2] + 1] = suffix
    needs[2][#needs[2] + 1] = of
  end
end

local seen, tasks = {}, {}
for level = 1, #floors do seen[level] = 0 end
local function look(other)
  local job = rcall('HMGET', q .. other, 'wf', 'priority', 'name')
  if not job[1] or not job[2] then return end
  local level = levelOf(job[1], job[2])
  seen[level] = seen[level] + 1
  tasks[job[3]] = (tasks[job[3]] or 0) + 1
end

local line = {}
if state == 'queued' then
  local rank = rcall('ZRANK', q .. 'prioritized', id)
  local handedBack = rcall('LLEN', q .. 'wait') -- they go before everything that has a number
  if rank then
    for _, other in ipairs(rcall('LRANGE', q .. 'wait', -places, -1)) do look(other) end
    if rank > places then
      for i = 0, places - 1 do
        local at = math.floor(i * rank / places)
        local other = rcall('ZRANGE', q .. 'prioritized', at, at)[1]
        if other then look(other) end
      end
    elseif rank > 0 then
      for _, other in ipairs(rcall('ZRANGE', q .. 'prioritized', 0, rank - 1)) do look(other) end
    end
    line = { handedBack + rank, seen, {} }
  else
    local at = rcall('LPOS', q .. 'wait', id)
    if at then
      for _, other in ipairs(rcall('LRANGE', q .. 'wait', math.max(at + 1, handedBack - places), -1)) do look(other) end
      line = { handedBack - 1 - at, seen, {} }
    end
  end
  if line[3] then
    for task, count in pairs(tasks) do
      line[3][#line[3] + 1] = task
      line[3][#line[3] + 1] = count
    end
  end
end

local header = rcall('HMGET', prefix .. '/workflow/' .. workflow, 'state', 'onFailure', 'open', 'waiting', 'dead')
for i = 1, 5 do header[i] = header[i] or '' end
return { fields, state, until_, place, needs, line, header }
