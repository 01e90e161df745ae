-- Fragment: whether a dead letter matches a filter. Included by scan.lua and group.lua.
--
-- Expects   ARGV[4..12] as scan.lua takes them
-- Provides  matches(id, brief) · looksAtBriefs: false when the id alone decides
local task, code, fingerprint, workflow, tenant = ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local queue, from, till, text = ARGV[9], tonumber(ARGV[10]), tonumber(ARGV[11]), ARGV[12]
local start = queue .. '~'

local needles = {} -- looked for first: most letters need not be taken apart
for i = 4, 8 do
  if ARGV[i] ~= '' then needles[#needles + 1] = '\n' .. ARGV[i] .. '\n' end
end
local names, dated = #needles > 0, from > 0 or till < 9007199254740991
local looksAtBriefs = names or dated or text ~= ''

local function matches(id, brief)
  if queue ~= '' and string.sub(id, 1, #start) ~= start then return false end
  for _, needle in ipairs(needles) do
    if not string.find(brief, needle, 1, true) then return false end
  end
  if dated then
    local at = tonumber(string.sub(brief, 1, 13))
    if at < from or at >= till then return false end
  end
  if names then
    local t, c, f, w, n, e = string.match(brief, '^%d+\n%d+\n([^\n]*)\n([^\n]*)\n([^\n]*)\n([^\n]*)\n([^\n]*)\n([^\n]*)\n')
    if not ((task == '' or task == t) and (code == '' or code == c) and (fingerprint == '' or fingerprint == f)
      and (workflow == '' or workflow == w or workflow == n) and (tenant == '' or tenant == e)) then return false end
  end
  if text == '' then return true end
  brief = string.lower(brief)
  if not string.find(brief, text, 1, true) then return false end
  local message = string.match(brief, '^' .. string.rep('[^\n]*\n', 8) .. '(.*)$')
  return string.find(message, text, 1, true) ~= nil
end
