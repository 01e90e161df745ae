-- stranded: how many jobs of each workflow did not run because others failed: those skipped, and those that wait for a
-- replay.
--
-- KEYS[1..] hash  headers of workflows
-- Returns   per workflow a number; 0 for one that is gone
-- Cost      about 1 us per workflow. Caller: stats.ts
local stranded = {}
for i, header in ipairs(KEYS) do
  local fields = redis.call('HMGET', header, 'skipped', 'waiting', 'onFailure')
  local held = fields[3] == 'hold' and tonumber(fields[2] or 0) or 0
  stranded[i] = tonumber(fields[1] or 0) + held
end
return stranded
