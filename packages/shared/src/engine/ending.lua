-- Fragment: what the end of a job does to the jobs that need it. Included by every script that ends or mends jobs.
--
-- Expects   prefix (BullMQ's prefix), now (ms), budget (how many dependents this call may inform)
-- Provides  ended(key, outcome) · inform · decide · settleAll() and the counters of the workflows touched
--
-- Words     suffix  `<queue>:<job id>`, what follows the prefix in a job's key
--           outcome `succeeded`, `failed` (dead, or skipped because a need failed) or `unneeded` (its trigger did not hold)
-- Law       a job is decided once, when all of its needs have ended; SREM == 1 makes each end count once.
-- Cost      about 10 us per dependent informed, 15 us per dependent released.
local rcall = redis.call
--@include enqueue.lua
--@include dependents.lua
--@include totals.lua
--@include ../capacity/count-open.lua

local workflows = {} -- workflow id -> { id, header = its key, state, hold = onFailure is hold, deltas = { field -> number } }
local touched = {} -- the same, in the order in which they were met

local function workflowOf(id)
  local workflow = workflows[id]
  if not workflow then
    local header = prefix .. '/workflow/' .. id
    local fields = rcall('HMGET', header, 'state', 'onFailure', 'tenant', 'dead', 'submittedAt', 'deadlineAt')
    workflow = { id = id, header = header, state = fields[1], hold = fields[2] == 'hold', tenant = fields[3], deltas = {},
      dead = fields[4], submittedAt = fields[5], deadlineAt = fields[6] }
    workflows[id] = workflow
    touched[#touched + 1] = workflow
  end
  return workflow
end

local function count(workflow, field, by)
  workflow.deltas[field] = (workflow.deltas[field] or 0) + by
end

local news = {} -- what became of jobs, for those who watch their workflows: { workflow, suffix, state }

local function announce(workflow, suffix, state)
  news[#news + 1] = { workflow, suffix, state }
end

-- Nothing is written for nobody: Redis is asked once who listens.
local function publishNews()
  local channels, asked = {}, {}
  for _, entry in ipairs(news) do
    local workflow = entry[1]
    if workflow.watched == nil then
      workflow.watched = false
      channels[#channels + 1] = prefix .. '/events/' .. workflow.id
      asked[#asked + 1] = workflow
    end
  end
  local listeners = #asked > 0 and rcall('PUBSUB', 'NUMSUB', unpack(channels))
  for i, workflow in ipairs(asked) do workflow.watched = listeners[2 * i] > 0 end
  for _, entry in ipairs(news) do
    local workflow, suffix, state = entry[1], entry[2], entry[3]
    if workflow.watched then
      local id = string.sub(suffix, string.find(suffix, ':', 1, true) + 1)
      rcall('PUBLISH', prefix .. '/events/' .. workflow.id,
        '{"job":"' .. string.sub(id, #workflow.id + 2) .. '","state":"' .. state .. '","at":' .. now .. '}')
    end
  end
  news = {}
end

-- Dependents are numbered from 0 in the list `more`; those in the hash's field come before, as one.
local FIRST = -1
local pending = {} -- ends whose dependents are to be informed: { key, outcome, from, fields that name them if they are known }
local informed = 0 -- how many of them have been
local left = false -- whether some dependents are to be informed by later calls

-- `fields` are the values of `dependents` and `more`, where the caller has read them.
local function ended(key, outcome, fields)
  pending[#pending + 1] = { key, outcome, FIRST, fields }
end

-- A waiting job ends without running: skipped, or a suspended spawner whose jobs have all succeeded.
local function conclude(suffix, key, workflow, outcome, suspended)
  local at = string.find(suffix, ':', 1, true)
  local queueKey, id = prefix .. ':' .. string.sub(suffix, 1, at - 1), string.sub(suffix, at + 1)
  if rcall('ZREM', queueKey .. ':waiting-children', id) == 0 then return end
  rcall('ZADD', queueKey .. ':completed', now, id)
  local value = 'null'
  if outcome == 'succeeded' then
    value = suspended
    rcall('HSET', key, 'returnvalue', value, 'finishedOn', now)
    announce(workflow, suffix, 'succeeded')
  else
    rcall('HSET', key, 'state', 'skipped', 'skip', outcome, 'returnvalue', value, 'finishedOn', now)
    count(workflow, 'skipped', 1)
    announce(workflow, suffix, 'skipped')
  end
  event(queueKey, 'completed', 'jobId', id, 'returnvalue', value, 'prev', 'waiting-children')
  count(workflow, 'waiting', -1)
  count(workflow, 'open', -1)
  ended(key, outcome)
end

-- A job of a workflow with a deadline, released later than the deadline allows, counts as submitted so much earlier as it
-- is late. `late` is `<from when on, ms> <ms in a quantum> <quanta at most>`.
local function hurry(key, priority, late)
  local from, quantum, most = string.match(late, '^(%d+) (%d+) (%d+)$')
  local quanta = math.min(tonumber(most), math.floor((now - from) / quantum))
  if quanta <= 0 then return priority end
  priority = math.max(1, priority - quanta)
  rcall('HSET', key, 'priority', priority)
  rcall('HDEL', key, 'late') -- a replay does not hurry it again
  return priority
end

-- All needs of a job have ended: run it, or end it as skipped.
-- Jobs that wait until all of their workflow is there are decided by its header, and only once.
local function decide(suffix, key, by)
  local at = string.find(suffix, ':', 1, true)
  local queueKey, id = prefix .. ':' .. string.sub(suffix, 1, at - 1), string.sub(suffix, at + 1)
  local fields = rcall('HMGET', key, 'wf', 'when', 'nf', 'nu', 'suspended', 'priority', 'delay', 'late', 'ats')
  if not fields[1] or (by == HEADER and fields[9]) then return end
  local workflow = workflowOf(fields[1])
  if workflow.state == 'cancelled' then return end
  local when = fields[2] or 'succeeded'
  local failed, unneeded = tonumber(fields[3] or 0), tonumber(fields[4] or 0)

  if fields[5] or when == 'succeeded' then
    if failed > 0 then return conclude(suffix, key, workflow, 'failed') end
    if unneeded > 0 then return conclude(suffix, key, workflow, 'unneeded') end
    if fields[5] then return conclude(suffix, key, workflow, 'succeeded', fields[5]) end
  elseif when == 'failed' and failed == 0 then
    return conclude(suffix, key, workflow, 'unneeded')
  end
  if rcall('ZREM', queueKey .. ':waiting-children', id) == 0 then return end -- runs already, or is a spawner at work
  count(workflow, 'waiting', -1)
  local priority = tonumber(fields[6])
  if fields[8] then priority = hurry(key, priority, fields[8]) end
  enqueue(queueKey, id, priority, tonumber(fields[7] or 0), 'waiting-children')
end

-- Tells one dependent how one of its needs ended; `member` as dependents.lua says.
local function inform(suffix, member, outcome)
  budget = budget - 1
  local key = prefix .. ':' .. suffix
  if outcome == 'failed' then
    local fields = rcall('HMGET', key, 'wf', 'when', 'spawned')
    if not fields[1] then return end
    -- onFailure: hold. Who needs success waits for the replay, so the need stays open.
    if workflowOf(fields[1]).hold and (fields[3] or (fields[2] or 'succeeded') == 'succeeded') then return end
  end
  if member == HEADER then return decide(suffix, key, HEADER) end
  if rcall('SREM', key .. ':dependencies', member) == 0 then return end
  if outcome == 'failed' then
    rcall('HINCRBY', key, 'nf', 1)
  elseif outcome == 'unneeded' then
    rcall('HINCRBY', key, 'nu', 1)
  end
  if rcall('SCARD', key .. ':dependencies') == 0 then decide(suffix, key) end
end

-- Calls visit(suffix, member) for the dependents of a job from number `from` on, as far as the budget goes.
-- `fields` as for `ended`. Returns the number to go on from, or nil when all were visited.
local function eachDependent(key, from, visit, fields)
  fields = fields or rcall('HMGET', key, 'dependents', 'more')
  local first, member
  if fields[1] then
    first, member = dependentsIn(key, fields[1])
  else
    first, member = {}, HEADER -- a header has its jobs without needs in `more`
  end
  if from == FIRST then
    for _, suffix in ipairs(first) do visit(suffix, member) end
    if not fields[2] then return nil end
    from = 0
  end
  while budget > 0 do
    local page = rcall('LRANGE', key .. ':more', from, from + math.min(budget, 100) - 1)
    if #page == 0 then return nil end
    for _, suffix in ipairs(page) do visit(suffix, member) end
    from = from + #page
  end
  return from
end

-- Informs the dependents of everything that ended, skips cascading included; what exceeds the budget becomes residue.
local function informAll()
  while pending[informed + 1] do
    informed = informed + 1
    local entry = pending[informed]
    local rest = entry[3]
    if budget > 0 then
      rest = eachDependent(entry[1], entry[3], function(suffix, member) inform(suffix, member, entry[2]) end, entry[4])
    end
    if rest then
      rcall('RPUSH', prefix .. '/residue', cjson.encode({ key = entry[1], outcome = entry[2], from = rest }))
      left = true
    end
  end
end

local function moveIndex(workflow, state)
  local score = rcall('ZSCORE', prefix .. '/workflows/' .. workflow.state, workflow.id)
  rcall('ZREM', prefix .. '/workflows/' .. workflow.state, workflow.id)
  rcall('ZADD', prefix .. '/workflows/' .. state, score or now, workflow.id)
  rcall('HSET', workflow.header, 'state', state)
  workflow.state = state
end

-- Moves workflows that have ended to their indices, those of the same states together.
local function moveEnded(ways)
  for from, states in pairs(ways) do
    for state, ids in pairs(states) do
      local scores, entries = rcall('ZMSCORE', prefix .. '/workflows/' .. from, unpack(ids)), {}
      for i, id in ipairs(ids) do
        entries[2 * i - 1] = scores[i] or now
        entries[2 * i] = id
      end
      rcall('ZREM', prefix .. '/workflows/' .. from, unpack(ids))
      rcall('ZADD', prefix .. '/workflows/' .. state, unpack(entries))
    end
  end
end

-- Writes the counters of every workflow touched and ends those that have no open job left. Returns the entries of residue if
-- this call has left any, else 0.
local function settleAll()
  informAll()
  publishNews()
  local ways = {}
  for _, workflow in ipairs(touched) do
    local open
    for field, by in pairs(workflow.deltas) do
      if by ~= 0 then
        local value = rcall('HINCRBY', workflow.header, field, by)
        if by > 0 and (field == 'skipped' or field == 'cancelled') then total(field, by) end
        if field == 'dead' then workflow.dead = value end
        if field == 'open' then
          open = value
          if workflow.tenant then countOpen(workflow.tenant, by) end
        end
      end
    end
    if open == 0 and (workflow.state == 'running' or workflow.state == 'loading') then
      local from, state = workflow.state, tonumber(workflow.dead or 0) > 0 and 'failed' or 'succeeded'
      ways[from] = ways[from] or {}
      ways[from][state] = ways[from][state] or {}
      table.insert(ways[from][state], workflow.id)
      workflow.state = state
      totalEnd(state, workflow.submittedAt, workflow.deadlineAt)
      rcall('HSET', workflow.header, 'state', state, 'finishedAt', now)
      if workflow.watched ~= false then
        rcall('PUBLISH', prefix .. '/events/' .. workflow.id, '{"ended":"' .. state .. '","at":' .. now .. '}')
      end
    elseif open and open > 0 and workflow.hold then
      -- nothing can run before a dead letter is replayed: those who watch must not wait for ever
      local fields = rcall('HMGET', workflow.header, 'waiting', 'dead')
      if tonumber(fields[1]) == open and tonumber(fields[2]) > 0 then
        rcall('PUBLISH', prefix .. '/events/' .. workflow.id, '{"held":true,"at":' .. now .. '}')
      end
    end
  end
  moveEnded(ways)
  wakeAll()
  writeTotals()
  return left and rcall('LLEN', prefix .. '/residue') or 0
end
