-- Fragment: counts the jobs of a tenant that have not ended. Included by whatever adds, ends or removes jobs.
--
-- Expects   rcall, prefix
-- Provides  countOpen(tenant, by)
local function countOpen(tenant, by)
  if rcall('HINCRBY', prefix .. '/open', tenant, by) <= 0 then rcall('HDEL', prefix .. '/open', tenant) end
end
