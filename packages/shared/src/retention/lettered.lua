-- lettered: whether one of some jobs of a workflow has a dead letter.
--
-- KEYS[1]   list  jobs of the workflow
-- ARGV[1]   BullMQ's prefix
-- ARGV[2..3] numbers of the first and the last to look at
-- Returns   1 one has · 0 none of these · -1 there are no more jobs
-- Cost      about 1 us per job. Caller: enforce.ts
local page = redis.call('LRANGE', KEYS[1], ARGV[2], ARGV[3])
if #page == 0 then return -1 end
for _, suffix in ipairs(page) do
  local letter = string.gsub(suffix, ':', '~', 1)
  if redis.call('EXISTS', ARGV[1] .. ':dead-letters:' .. letter) == 1 then return 1 end
end
return 0
