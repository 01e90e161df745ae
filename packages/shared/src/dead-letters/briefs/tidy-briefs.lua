-- tidy-briefs: drops briefs of dead letters that something else than Millrace has removed.
--
-- KEYS[1]   zset  prioritized of the dead-letters queue
-- KEYS[2]   zset  briefs by place
-- ARGV[2]   only places before this one, or '+inf'; ARGV[1] as restore-briefs.lua takes it
-- ARGV[3]   how many to look at
-- Returns   { how many were dropped, place to go on before, '' at the end }
-- Repeat    safe
-- Cost      1 us per brief. Caller: mend-briefs.ts
local rcall = redis.call
--@include brief.lua
local page = rcall('ZREVRANGEBYSCORE', KEYS[2], ARGV[2], '-inf', 'WITHSCORES', 'LIMIT', 0, ARGV[3])
local dropped = 0
for i = 1, #page, 2 do
  if rcall('ZSCORE', KEYS[1], idIn(page[i])) ~= page[i + 1] then dropped = dropped + rcall('ZREM', KEYS[2], page[i]) end
end
return { dropped, page[#page] or '' }
