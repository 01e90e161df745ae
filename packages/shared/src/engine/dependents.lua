-- Fragment: how a job names those that need it, and how those name it. Included by ending.lua and by scripts that only look.
--
-- Expects   rcall, prefix
-- Provides  dependentsIn(key, text) → suffixes, member · needOf(member, workflow id) → key of a need
--
--   member   what stands for a need in the set of a job's open needs: its number in the list of the workflow's jobs, from 0;
--            the key of a job that was spawned, which has no number when it is packed. Numbers let Redis keep the set in a
--            tenth of the memory that keys take.
--   text     the field `dependents` of a job: a line with its member, empty for its key; then a line for each dependent: its name when
--            it has the queue and the workflow of the job, else `<queue>:<job id>`
-- Stands for the header, whose list `more` has the jobs that wait until all of a workflow is there.
local HEADER = '-1'

local function dependentsIn(key, text)
  local own = string.match(key, '^[^:]+:[^.]+%.', #prefix + 2)
  local suffixes, member = {}, nil
  for line in string.gmatch(text, '([^\n]*)\n?') do
    if not member then
      member = line == '' and key or line
    elseif line ~= '' then
      suffixes[#suffixes + 1] = string.find(line, ':', 1, true) and line or own .. line
    end
  end
  return suffixes, member or key
end

local function needOf(member, workflowId)
  if not string.match(member, '^%d+$') then return member end
  local suffix = rcall('LINDEX', prefix .. '/workflow/' .. workflowId .. '/jobs', member)
  return suffix and prefix .. ':' .. suffix
end
