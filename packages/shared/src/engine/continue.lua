-- continue: informs further dependents of jobs that have more of them than one call may inform.
--
-- KEYS[1]   list  residue: ends of jobs whose dependents are not all informed yet
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   now, ms
-- ARGV[3]   how many dependents this call may inform
-- Returns   entries of residue left; 0 when done
-- Repeat    safe: each end counts once for each dependent
-- Cost      ending.lua's per dependent. Caller: residue.ts
local prefix, now, budget = ARGV[1], ARGV[2], tonumber(ARGV[3])
--@include ending.lua

local text = rcall('LPOP', KEYS[1])
if text then
  local entry = cjson.decode(text)
  pending[1] = { entry.key, entry.outcome, entry.from }
end
settleAll()
return rcall('LLEN', KEYS[1])
