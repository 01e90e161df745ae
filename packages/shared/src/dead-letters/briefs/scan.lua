-- scan: looks at some dead letters, from the newest, and gives those that match.
--
-- KEYS[1]   zset  prioritized of the dead-letters queue: ids by place, a number that grows with every letter
-- KEYS[2]   zset  their briefs by place
-- ARGV[1]   only places before this one, or '+inf'
-- ARGV[2]   how many letters to look at
-- ARGV[3]   how many to give
-- ARGV[4..8]   task, code, fingerprint, workflow (id or name), tenant; '' is any
-- ARGV[9]   queue; '' is any
-- ARGV[10..11] failed at from, and until, ms
-- ARGV[12]  text in the message, in lower case; '' is any
-- ARGV[13]  1: the ids alone
-- ARGV[14]  only places from this one, or '-inf'
-- Returns   { place to go on before, or '' at the end; then per letter that matches: id, place, entry as in brief.lua;
--           or the id }
-- Cost      about 0.7 us per letter looked at, 1 us per letter that matches. Caller: scan.ts
local rcall = redis.call
local budget, most, alone = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[13] == '1'
--@include matching.lua

local page = rcall('ZREVRANGEBYSCORE', KEYS[2], ARGV[1], ARGV[14], 'LIMIT', 0, budget)
if #page == 0 then return { '' } end
local found = { '' }
for _, entry in ipairs(page) do
  local id = matchIn(entry)
  local place = id and rcall('ZSCORE', KEYS[1], id)
  if place then -- else another tool has removed the letter
    found[#found + 1] = id
    if not alone then found[#found + 1], found[#found + 2] = place, entry end
    most = most - 1
    if most == 0 then
      found[1] = place
      return found
    end
  end
end
if #page == budget then found[1] = rcall('ZSCORE', KEYS[2], page[#page]) end
return found
