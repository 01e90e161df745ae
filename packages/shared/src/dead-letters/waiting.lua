-- waiting: the jobs that did not run because one failed: its dependents that were skipped or wait, theirs, and so on.
--
-- KEYS[1]   hash  the dead job
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   `<queue>:<job id>` of the dead job
-- ARGV[3]   how many to give
-- Returns   { its options, where its place in a trace is, then per job: `<queue>:<job id>`, `skipped` or `waiting` }, the nearest first; {} when
--           the job is gone
-- Cost      about 3 us per dependent, at most ten times as many as it gives. Caller: story.ts
local rcall = redis.call
local prefix, most = ARGV[1], tonumber(ARGV[3])
--@include ../engine/dependents.lua
if rcall('EXISTS', KEYS[1]) == 0 then return {} end
local given = { rcall('HGET', KEYS[1], 'opts') or '' }
local seen, line, budget = { [ARGV[2]] = true }, { ARGV[2] }, 10 * most

local function look(suffix)
  budget = budget - 1
  if seen[suffix] or budget < 0 or #given >= 1 + 2 * most then return end
  seen[suffix] = true
  local at = string.find(suffix, ':', 1, true)
  local q, id = prefix .. ':' .. string.sub(suffix, 1, at - 1), string.sub(suffix, at + 1)
  local state = rcall('HGET', q .. ':' .. id, 'state')
  if state ~= 'skipped' then
    if not rcall('ZSCORE', q .. ':waiting-children', id) then return end
    state = 'waiting'
  end
  given[#given + 1], given[#given + 2] = suffix, state
  line[#line + 1] = suffix
end

local i = 1
while line[i] and budget > 0 do
  local key = prefix .. ':' .. line[i]
  for _, suffix in ipairs((dependentsIn(key, rcall('HGET', key, 'dependents') or ''))) do look(suffix) end
  for _, suffix in ipairs(rcall('LRANGE', key .. ':more', 0, math.max(0, budget))) do look(suffix) end
  i = i + 1
end
return given
