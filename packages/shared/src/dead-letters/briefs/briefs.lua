-- Fragment: the briefs of all dead letters: one zset, by the places of their letters. So a thousand are read at once, in order, and
-- without inputs and stacks, however large. Included by scripts that write and remove letters.
--
-- Expects   rcall, prefix
-- Provides  noteBrief(id, brief), once the letter stands in its queue · dropBrief(id), as long as it does · what brief.lua does
--@include brief.lua
local briefs, places = prefix .. '/briefs-by-place', prefix .. ':dead-letters:prioritized'

local function noteBrief(id, brief) rcall('ZADD', briefs, rcall('ZSCORE', places, id), entryOf(id, brief)) end

local function dropBrief(id)
  local place = rcall('ZSCORE', places, id)
  if place then rcall('ZREMRANGEBYSCORE', briefs, place, place) end
end
