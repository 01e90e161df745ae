-- Fragment: the briefs of all dead letters: one zset, by the places of their letters. So a thousand are read at once, in order, and
-- without inputs and stacks, however large. Included by scripts that write and remove letters.
--
-- Expects   rcall, prefix
-- Provides  noteBrief(id, brief), once the letter stands in its queue · unlist(id): takes the letter out of its queue, and its brief
--           with it → false when it does not stand there · what brief.lua does
--@include brief.lua
local briefs, places = prefix .. '/briefs-by-place', prefix .. ':dead-letters:prioritized'

local function noteBrief(id, brief) rcall('ZADD', briefs, rcall('ZSCORE', places, id), entryOf(id, brief)) end

local function unlist(id)
  local place = rcall('ZSCORE', places, id)
  if not place then return false end
  rcall('ZREM', places, id)
  rcall('ZREMRANGEBYSCORE', briefs, place, place)
  return true
end
