-- frontier: of a page of a workflow's jobs, those that have not ended and have no open need, and those that are dead.
-- Reads only.
--
-- KEYS[1]   list  jobs of the workflow
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   first job, from 0
-- ARGV[3]   last job
-- Returns   { jobs in the page, { suffix, state, task, lot it stands in, or code of its error, or '', … } }
-- Cost      about 10 us per job. Caller: read-frontier.ts
local rcall = redis.call
local prefix = ARGV[1]
--@include ../views/state-of.lua

local page = rcall('LRANGE', KEYS[1], ARGV[2], ARGV[3])
local rows = {}
for _, suffix in ipairs(page) do
  local at = string.find(suffix, ':', 1, true)
  local q, id = prefix .. ':' .. string.sub(suffix, 1, at), string.sub(suffix, at + 1)
  local job = rcall('HMGET', q .. id, 'state', 'name', 'lot', 'code')
  local state = job[1] or stateOf(q, id, q .. id)
  if state == 'active' or state == 'queued' or state == 'delayed' then
    local lot = ''
    if state == 'delayed' and job[3] and rcall('ZSCORE', prefix .. '/lot/' .. job[3], suffix) then lot = job[3] end
    for _, value in ipairs({ suffix, state, job[2] or '', lot }) do rows[#rows + 1] = value end
  elseif state == 'dead' then
    for _, value in ipairs({ suffix, state, job[2] or '', job[4] or '' }) do rows[#rows + 1] = value end
  end
end
return { #page, rows }
