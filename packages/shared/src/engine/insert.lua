-- Fragment: writes one job as BullMQ would, and beside it the fields that make it part of a workflow. Included by
-- ingest.lua and spawn.lua.
--
-- Expects   prefix, now, rcall, enqueue.lua and totals.lua; wakeAll() is the caller's to call
-- Provides  insertJob(workflow id, job, base, epoch, held) → true when the job waits: for its needs, or `held` until all of its
--             workflow is there · waitAll(): writes which jobs wait; once, before anything is decided
--           base    what the job's place is added to: its workflow's turn, or the number of the job that spawns it
--           epoch   to be noted with the job while its workflow is being re-based, else nil
--
-- A job travels packed: { queue, id, task, data, place, delay, fields, needs, more, trace }
--   data     JSON
--   place    the part of its number that its level and its position in the workflow give
--   delay    ms, 0 for none
--   fields   our fields of the job's hash: { name, value, … }
--   needs    what must end first, as members of dependents.lua
--   more     dependents that exceed the hash's field `dependents`
--   trace    of a workflow that is traced: what BullMQ keeps as `telemetry.metadata`
local known_queues = {}

local LAST_NUMBER = 2097151 -- BullMQ's priorities end here

local waits = {} -- queue key → { score, id, … }

local function waitAll()
  for queueKey, entries in pairs(waits) do
    for from = 1, #entries, 1000 do
      rcall('ZADD', queueKey .. ':waiting-children', unpack(entries, from, math.min(from + 999, #entries)))
    end
  end
  waits = {}
end

local function insertJob(workflowId, job, base, epoch, held)
  local queue, id, task, data, place, delay, fields, needs, more, trace = unpack(job)
  local priority = math.max(1, math.min(LAST_NUMBER, base + place))
  local queueKey = prefix .. ':' .. queue
  local key = queueKey .. ':' .. id
  if not known_queues[queue] then
    known_queues[queue] = true
    rcall('SADD', prefix .. '/queues', queue)
  end
  total('submitted ' .. queue, 1)
  local number = string.format('%d', priority)
  rcall('HSET', key, 'name', task, 'data', data, 'timestamp', now, 'priority', number, 'wf', workflowId, unpack(fields))
  if delay > 0 or trace then
    local opts = '{"priority":' .. number .. (delay > 0 and ',"delay":' .. delay or '')
      .. (trace and ',"tm":' .. cjson.encode(trace) or '') .. '}'
    rcall('HSET', key, 'opts', opts, 'delay', delay)
  end
  if epoch then rcall('HSET', key, 'epoch', epoch) end
  event(queueKey, 'added', 'jobId', id, 'name', task)
  if #needs > 0 or held then
    local entries = waits[queueKey] or {}
    waits[queueKey] = entries
    entries[#entries + 1] = now
    entries[#entries + 1] = id
    for from = 1, #needs, 1000 do
      rcall('SADD', key .. ':dependencies', unpack(needs, from, math.min(from + 999, #needs)))
    end
    event(queueKey, 'waiting-children', 'jobId', id)
  else
    enqueue(queueKey, id, priority, delay, '')
  end
  for from = 1, #more, 1000 do
    rcall('RPUSH', key .. ':more', unpack(more, from, math.min(from + 999, #more)))
  end
  return #needs > 0 or held
end
