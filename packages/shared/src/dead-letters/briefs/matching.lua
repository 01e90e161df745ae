-- Fragment: whether a dead letter matches a filter. Included by scan.lua and group.lua.
--
-- Expects   ARGV[4..12] as scan.lua takes them
-- Provides  matchIn(entry) → the id of the letter when it matches, else nothing · what brief.lua does
--@include brief.lua
local task, code, fingerprint, workflow, tenant = ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local queue, from, till, text = ARGV[9], tonumber(ARGV[10]), tonumber(ARGV[11]), ARGV[12]
local start = queue .. '~'

local needles = {} -- looked for first: most letters need not be taken apart
for i = 4, 8 do
  if ARGV[i] ~= '' then needles[#needles + 1] = '\n' .. ARGV[i] .. '\n' end
end
local names, dated = #needles > 0, from > 0 or till < 9007199254740991

local function matchIn(entry)
  for _, needle in ipairs(needles) do
    if not string.find(entry, needle, 1, true) then return end
  end
  if dated then
    local at = tonumber(string.sub(entry, 1, 13))
    if at < from or at >= till then return end
  end
  if text ~= '' and not string.find(entry, text, 1, true) then return end
  local id = idIn(entry)
  if queue ~= '' and string.sub(id, 1, #start) ~= start then return end
  if names then
    local t, c, f, w, n, e = string.match(entry, '^%d+\n%d+\n([^\n]*)\n([^\n]*)\n([^\n]*)\n([^\n]*)\n([^\n]*)\n([^\n]*)\n')
    if not ((task == '' or task == t) and (code == '' or code == c) and (fingerprint == '' or fingerprint == f)
      and (workflow == '' or workflow == w or workflow == n) and (tenant == '' or tenant == e)) then return end
  end
  if text ~= '' then
    local message = string.match(briefIn(entry, id), '^' .. string.rep('[^\n]*\n', 8) .. '(.*)$')
    if not string.find(message, text, 1, true) then return end
  end
  return id
end
