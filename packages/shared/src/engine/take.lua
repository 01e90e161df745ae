-- Fragment: takes the next jobs of a queue, as many as are wanted, the way BullMQ's moveToActive takes one. Included by
-- succeed.lua and take-many.lua.
--
-- Expects   rcall, prefix, now, event, and the queue's keys in `keys`: wait, active, prioritized, delayed, meta, pc, marker
-- Provides  META, the fields of the queue's `meta` that it must be given · takeJobs(keys, base, tokens, worker, lockMs, meta) → jobs, when the next delayed job is due (ms, 0 for none)
--           The jobs are { id, fields, what the needs left }, one per token or fewer; nil when BullMQ's own script must be asked, because the
--           queue is paused or limited, or delayed jobs are due.
-- Cost      7 us per job, where BullMQ's script takes 17.
local TAKEN = { 'name', 'data', 'opts', 'timestamp', 'delay', 'priority', 'atm', 'stc', 'stacktrace', 'defa', 'deid',
  'rjk', 'parentKey', 'parent', 'ats' }
local STARTS = #TAKEN
local META = { 'events', 'opts.maxLenEvents', 'paused', 'concurrency', 'max' }

-- Outputs travel with the job that needs them while they are few and small; else the worker reads them itself.
local MOST_NEEDS, MOST_BYTES = 32, 65536

-- What the needs of a job left: { their outputs as a JSON object, when the last of them ended (ms), their spans as a JSON
-- object or false }; or false. `data` says which they are: `…,"needs":{"<job>":"<queue>",…},…`.
local function leftByNeeds(data)
  local workflow = string.match(data, '^{"workflow":"([^"]+)"')
  local needs = workflow and string.match(data, '"needs":(%b{})')
  if not needs or needs == '{}' then return false end
  local parts, spans, bytes, last = {}, {}, 0, 0
  for name, queue in string.gmatch(needs, '"([^"]+)":"([^"]+)"') do
    if #parts == MOST_NEEDS or bytes > MOST_BYTES then return false end
    local need = rcall('HMGET', prefix .. ':' .. queue .. ':' .. workflow .. '.' .. name, 'returnvalue', 'finishedOn', 'span')
    local output = need[1] or 'null'
    last = math.max(last, tonumber(need[2]) or 0)
    bytes = bytes + #output
    if need[3] then spans[#spans + 1] = '"' .. name .. '":"' .. need[3] .. '"' end
    parts[#parts + 1] = '"' .. name .. '":' .. output
  end
  return { '{' .. table.concat(parts, ',') .. '}', last, #spans > 0 and '{' .. table.concat(spans, ',') .. '}' }
end

local function takeJobs(keys, base, tokens, worker, lockMs, meta)
  if meta[3] or meta[4] or meta[5] then return nil end
  local due = 0
  local delayed = rcall('ZRANGE', keys.delayed, 0, 0, 'WITHSCORES')
  if delayed[2] then
    due = math.floor(tonumber(delayed[2]) / 0x1000)
    if due <= tonumber(now) then return nil end
  end

  local ids, wanted = {}, #tokens
  while #ids < wanted do -- handed back, or not ours: before everything that has a priority
    local id = rcall('RPOPLPUSH', keys.wait, keys.active)
    if not id then break end
    ids[#ids + 1] = id
  end
  if #ids < wanted then
    local popped = rcall('ZPOPMIN', keys.prioritized, wanted - #ids)
    local taken = {}
    for i = 1, #popped, 2 do
      taken[#taken + 1] = popped[i]
      ids[#ids + 1] = popped[i]
    end
    if #taken > 0 then rcall('LPUSH', keys.active, unpack(taken)) end
  end

  local jobs = {}
  for i, id in ipairs(ids) do
    local key = base .. id
    local fields = rcall('HMGET', key, unpack(TAKEN))
    if fields[1] then
      fields[STARTS] = (tonumber(fields[STARTS]) or 0) + 1
      rcall('HSET', key, 'processedOn', now, 'pb', worker, 'ats', fields[STARTS])
      event(string.sub(base, 1, -2), 'active', 'jobId', id, 'prev', 'waiting')
      rcall('SET', key .. ':lock', tokens[#jobs + 1], 'PX', lockMs)
      jobs[#jobs + 1] = { id, fields, leftByNeeds(fields[2] or '') }
    else
      rcall('LREM', keys.active, 1, id) -- somebody removed it
    end
  end
  -- wakes an idle worker, as long as there is something for it
  if #ids == wanted and (rcall('ZCARD', keys.prioritized) > 0 or rcall('LLEN', keys.wait) > 0) then
    rcall('ZADD', keys.marker, 0, '0')
  end
  return jobs, due
end
