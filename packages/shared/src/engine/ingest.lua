-- ingest: writes steps of workflows: of each its header when the step is the first, some jobs, and the start when it is the last.
-- A workflow of a single step is written and started by this one call. In several steps, jobs without needs wait in a list of
-- the header, so that nothing runs before everything is there.
--
-- KEYS[1]   zset  index of loading workflows
-- KEYS[2]   zset  index of running workflows
-- KEYS[3]   zset  deadlines: workflow ids by the time at which they are cancelled, ms
-- KEYS[4]   hash  scheduling: the epoch, and when the line of those without a tenant ends, by level
-- KEYS[5]   stream audit log
-- KEYS[6..] per workflow: its header (hash), its jobs (list), tenants of its level by when their line ends, ms (zset)
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   now, ms
-- ARGV[3]   how many dependents this call may inform
-- ARGV[4]   how many entries the audit log keeps
-- ARGV[5..] per workflow: its id; `first`, `last`, `only` or `next`; fingerprint of the definition; what only its first and
--           last step need, packed: { header fields { name, value, … }, what turn.lua needs to give it its turn, what
--           capacity/admission.lua must find room for, its entry of the audit log { name, value, … }, empty for none }; how many
--           jobs follow; jobs, packed as insert.lua says, or of a rerun as carry.lua says
-- Returns   per workflow: 1 written · 0 this id was submitted before · -1 another workflow has this id · -2 the header is
--           gone: begin again · -5 it is a rerun, and what it takes over has changed or is gone · what refusalOf gives; last:
--           entries of residue
-- Refuses   per workflow, before its first write
-- Repeat    safe: jobs that exist are left alone
-- Cost      15 us per job, 15 us per workflow, 5 us for its entry. Caller: ingest-steps.ts
local prefix, now, budget, audit_entries = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
--@include ending.lua
--@include insert.lua
--@include turn.lua
--@include carry.lua
--@include ../capacity/admission.lua

-- Workflows that begin, for the indices of those that are loading and that run.
local indices = { {}, {} }

local function indexAll()
  for i, index in ipairs(indices) do
    for from = 1, #index, 1000 do rcall('ZADD', KEYS[i], unpack(index, from, math.min(from + 999, #index))) end
    indices[i] = {}
  end
end

local function ingest(header, list, tenants, id, step, fingerprint, about, jobs)
  local fields, wish, demand, entry = unpack(about)
  local known = rcall('HMGET', header, 'state', 'fingerprint', 'turn', 'epoch', 'rebased')
  local fresh = not known[1]
  if fresh and (step == 'next' or step == 'last') then return -2 end
  if not fresh then
    if known[2] ~= fingerprint then return -1 end
    if known[1] ~= 'loading' then return 0 end
  end

  for i, text in ipairs(jobs) do jobs[i] = cmsgpack.unpack(text) end
  local source = sourceOf(fields)
  if source and not carriable(source, jobs, fresh) then return -5 end

  if fresh then
    local refusal = refusalOf(id, demand)
    if refusal then return refusal end
    accept(id, header, demand, step ~= 'only')
  end

  local turn, epoch, rebased = tonumber(known[3]), known[4], known[5]
  if fresh then
    turn, epoch = takeTurn(KEYS[4], tenants, wish)
    local state = step == 'only' and 'running' or 'loading'
    rcall('HSET', header, 'turn', turn, 'epoch', epoch, 'state', state, 'fingerprint', fingerprint, 'waiting', '0', 'dead', '0',
      'skipped', '0', 'cancelled', '0', 'touchedAt', now, unpack(fields))
    local index = indices[step == 'only' and 2 or 1]
    index[#index + 1] = now
    index[#index + 1] = id
    for i = 1, #fields, 2 do
      if fields[i] == 'deadlineAt' then rcall('ZADD', KEYS[3], fields[i + 1], id) end
    end
  else
    rcall('HSET', header, 'touchedAt', now)
  end

  local base = baseOf(turn, epoch, wish)
  local suffixes, roots, waiting, by_queue = {}, {}, 0, {}
  for _, job in ipairs(jobs) do
    local suffix = job[1] .. ':' .. job[2]
    if fresh or rcall('EXISTS', prefix .. ':' .. suffix) == 0 then
      suffixes[#suffixes + 1] = suffix
      if #job == 3 then
        carryJob(id, job)
      else
        local held = #job[8] == 0 and step ~= 'only'
        if held then roots[#roots + 1] = suffix end
        if insertJob(id, job, base, rebased and epoch, held) then waiting = waiting + 1 end
        by_queue[job[1]] = (by_queue[job[1]] or 0) + 1
      end
    end
  end
  if #suffixes > 0 then rcall('RPUSH', list, unpack(suffixes)) end
  if #roots > 0 then rcall('RPUSH', header .. ':more', unpack(roots)) end
  if waiting > 0 then rcall('HINCRBY', header, 'waiting', waiting) end

  if source and (step == 'last' or step == 'only') then tellSource(source, id, header) end
  if step ~= 'only' then written(header, by_queue) end
  if step == 'last' then settleReservation(header) end
  if not fresh then indexAll() end -- it may have begun in this very call
  if step == 'last' or (step == 'only' and not fresh) then moveIndex(workflowOf(id), 'running') end
  if step == 'last' then
    rcall('HSET', header, 'more', 1)
    ended(header, 'succeeded')
  end
  if #entry > 0 and (step == 'only' or step == 'last') then
    rcall('XADD', KEYS[5], 'MAXLEN', '~', audit_entries, '*', unpack(entry))
  end
  return 1
end

local replies, at = {}, 5
for k = 6, #KEYS, 3 do
  local count_of_jobs, jobs = tonumber(ARGV[at + 4]), {}
  for i = 1, count_of_jobs do jobs[i] = ARGV[at + 4 + i] end
  replies[#replies + 1] = ingest(KEYS[k], KEYS[k + 1], KEYS[k + 2], ARGV[at], ARGV[at + 1], ARGV[at + 2],
    cmsgpack.unpack(ARGV[at + 3]), jobs)
  at = at + 5 + count_of_jobs
end
indexAll()
writeTurns(KEYS[4])
waitAll()
replies[#replies + 1] = settleAll()
return replies
