-- view: a page of a workflow's jobs as they are now. Reads only.
--
-- KEYS[1]   list  jobs of the workflow
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   first job, from 0
-- ARGV[3]   last job
-- ARGV[4]   largest output and progress to copy, bytes
-- Returns   per job { suffix, state, task, trigger, data (of a large one only its needs), attempts, worker, startedAt, finishedAt, progress,
--           output, message, code, where it ran when it was carried over }, with '' for what is absent
-- Cost      about 15 us per job. Caller: status.ts
local rcall = redis.call
local prefix, most = ARGV[1], tonumber(ARGV[4])

--@include state-of.lua

local rows = {}
for _, suffix in ipairs(rcall('LRANGE', KEYS[1], ARGV[2], ARGV[3])) do
  local at = string.find(suffix, ':', 1, true)
  local q, id = prefix .. ':' .. string.sub(suffix, 1, at - 1) .. ':', string.sub(suffix, at + 1)
  local key = q .. id
  local job = rcall('HMGET', key, 'state', 'name', 'when', 'ats', 'pb', 'processedOn', 'finishedOn', 'failedReason', 'code', 'parkings',
    'carried')
  local data = rcall('HGET', key, 'data') or '{}'
  if #data > most then data = cjson.encode({ needs = cjson.decode(data).needs }) end
  local function short(field)
    return rcall('HSTRLEN', key, field) <= most and rcall('HGET', key, field) or ''
  end
  rows[#rows + 1] = {
    suffix, job[1] or stateOf(q, id, key), job[2] or '', job[3] or '', data, (job[4] or 0) - (job[10] or 0), job[5] or '', job[6] or '',
    job[7] or '', short('progress') or '', short('returnvalue') or '', job[8] or '', job[9] or '', job[11] or '',
  }
end
return rows
