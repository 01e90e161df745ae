-- Fragment: what a rerun takes from the workflow that it runs again. Included by ingest.lua.
--
-- Expects   rcall, prefix
-- Provides  sourceOf(header fields) → { id, ended = when that workflow ended, ms }, or nil when it is no rerun
--           carriable(source, jobs, begins) → whether the source is as it was when it was read, and every job that is carried over
--             is still there and has succeeded
--           carryJob(workflow id, job): the record of its end, as if it had run in this workflow
--           tellSource(source, id, header): the two know each other, and what the jobs of the source share is shared here too
--
--   job      { queue, id, id of the job that is carried over }
-- Cost      15 us per job, and the size of its output.
local CARRIED = { 'name', 'data', 'opts', 'timestamp', 'delay', 'priority', 'when', 'processedOn', 'finishedOn', 'atm', 'ats',
  'pb', 'returnvalue', 'carried' }
local MOST_TOLD = 50 -- reruns that a workflow names: the last ones

local function sourceOf(fields)
  local source
  for i = 1, #fields, 2 do
    if fields[i] == 'rerunOf' then source = { id = fields[i + 1] } end
    if source and fields[i] == 'rerunEnded' then source.ended = fields[i + 1] end
  end
  return source
end

local function carriable(source, jobs, begins)
  if begins then
    local header = rcall('HMGET', prefix .. '/workflow/' .. source.id, 'state', 'finishedAt', 'open')
    if header[1] == 'running' or tonumber(header[3] or 1) > 0 or header[2] ~= source.ended then return false end
  end
  for _, job in ipairs(jobs) do
    if #job == 3 then
      local q = prefix .. ':' .. job[1] .. ':'
      local known = rcall('HMGET', q .. job[3], 'name', 'state')
      if not known[1] or known[2] or not rcall('ZSCORE', q .. 'completed', job[3]) then return false end
    end
  end
  return true
end

local function carryJob(workflowId, job)
  local q = prefix .. ':' .. job[1] .. ':'
  local values = rcall('HMGET', q .. job[3], unpack(CARRIED))
  local fields, ended = {}, 0
  for i, name in ipairs(CARRIED) do
    local value = values[i]
    if name == 'finishedOn' then ended = value or 0 end
    if name == 'data' then value = string.gsub(value, '^{"workflow":"[^"]+"', '{"workflow":"' .. workflowId .. '"') end
    -- of what was carried over before, where it ran
    if name == 'carried' then value = value or string.match(values[2], '^{"workflow":"([^"]+)"') end
    if value then
      fields[#fields + 1] = name
      fields[#fields + 1] = value
    end
  end
  rcall('HSET', q .. job[2], 'wf', workflowId, unpack(fields))
  rcall('ZADD', q .. 'completed', ended, job[2])
end

local function tellSource(source, id, header)
  local key = prefix .. '/workflow/' .. source.id
  if rcall('EXISTS', key) == 0 then return end
  local told = {}
  for known in string.gmatch(rcall('HGET', key, 'reruns') or '', '%S+') do told[#told + 1] = known end
  told[#told + 1] = id
  rcall('HSET', key, 'reruns', table.concat(told, ' ', math.max(1, #told - MOST_TOLD + 1)))
  rcall('COPY', key .. '/context', header .. '/context', 'REPLACE')
end
