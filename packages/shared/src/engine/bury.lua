-- Fragment: writes the dead letter of a job that failed for good. Included by finish.lua.
--
-- Expects   prefix, now, total() of totals.lua
-- Provides  bury(suffix, key)
-- Repeat    safe: the letter's id is made from the job's key, and a second letter of that id is ignored
--
-- The job's own JSON (data, stack trace) is copied as text: no round trip through cjson, which would turn an empty
-- array into an object and round large numbers.
--@include ../dead-letters/letter.lua

local function jsonOrNull(text) return text and cjson.encode(text) or 'null' end

-- What earlier attempts failed with: failure.ts says how many are kept, and where.
local PAST = {}
for i = 0, 15 do PAST[i + 1] = 'past/' .. i end

local function historyOf(key)
  local known = {}
  for _, attempt in ipairs(rcall('HMGET', key, unpack(PAST))) do
    if attempt then known[#known + 1] = attempt end
  end
  return '[' .. table.concat(known, ',') .. ']'
end

-- BullMQ fails a job whose workers vanished too often with this reason, and without running anything of ours.
local STALLED = 'job stalled more than allowable limit'

local function bury(suffix, key)
  local at = string.find(suffix, ':', 1, true)
  local queue, id = string.sub(suffix, 1, at - 1), string.sub(suffix, at + 1)
  local job = rcall('HMGET', key, 'name', 'data', 'code', 'context', 'failedReason', 'stacktrace', 'atm', 'pb',
    'timestamp', 'processedOn', 'stc', 'severity', 'category', 'fingerprint', 'wf')
  local code, message, context = job[3] or 'MILLRACE_TASK_FAILED', job[5] or '', job[4]
  local severity, category, fingerprint = job[12] or 'medium', job[13] or 'handler', job[14]
  if message == STALLED then -- what an earlier attempt failed with is not why
    code, context = 'MILLRACE_STALLED', false
    severity, category, fingerprint = 'high', 'pool', false
    message = 'Workers that vanished while they ran this job: ' .. job[11] .. '. It is not given to another.'
    rcall('HSET', key, 'failedReason', message)
  end
  -- the same hash as fingerprint.ts makes of a failure without a place
  if not fingerprint then
    local pattern = string.gsub(message, '%d+', '<n>')
    fingerprint = string.sub(redis.sha1hex((job[1] or '') .. '\n' .. code .. '\n' .. pattern .. '\n'), 1, 12)
  end
  if code ~= job[3] then rcall('HSET', key, 'code', code) end
  local letter = '{"queue":' .. cjson.encode(queue)
    .. ',"jobId":' .. cjson.encode(id)
    .. ',"task":' .. jsonOrNull(job[1])
    .. ',"code":' .. cjson.encode(code)
    .. ',"message":' .. jsonOrNull(message)
    .. ',"severity":' .. cjson.encode(severity)
    .. ',"category":' .. cjson.encode(category)
    .. ',"fingerprint":' .. cjson.encode(fingerprint)
    .. ',"attempts":' .. (job[7] or 0)
    .. ',"stalls":' .. (job[11] or 0)
    .. ',"worker":' .. jsonOrNull(job[8])
    .. ',"submittedAt":' .. (job[9] or 0)
    .. ',"startedAt":' .. (job[10] or 'null')
    .. ',"failedAt":' .. now
    .. ',"context":' .. (context or 'null')
    .. ',"stack":' .. (job[6] or '[]')
    .. ',"history":' .. historyOf(key)
    .. ',"data":' .. (job[2] or 'null') .. '}'
  local workflow = job[15] and rcall('HMGET', prefix .. '/workflow/' .. job[15], 'name', 'tenant') or {}
  local names = { job[1], code, fingerprint, job[15], workflow[1], workflow[2] }
  writeLetter(queue .. '~' .. id, job[1] or '', letter, briefOf(names, now, job[7] or 0, message), now)
  total('dead ' .. (job[1] or ''), 1)
end
