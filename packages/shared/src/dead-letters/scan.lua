-- scan: looks at some dead letters, from the newest, and gives those that match.
--
-- KEYS[1]   zset  prioritized of the dead-letters queue: ids by place, a number that grows with every letter
-- ARGV[1]   prefix of the keys of letters
-- ARGV[2]   only places before this one, or '+inf'
-- ARGV[3]   how many letters to look at
-- ARGV[4]   how many to give
-- ARGV[5..9]   task, code, fingerprint, workflow (id or name), tenant; '' is any
-- ARGV[10]  queue; '' is any
-- ARGV[11..12] failed at from, and until, ms
-- ARGV[13]  text in the message, in lower case; '' is any
-- Returns   { place to go on before, or '' at the end; then per letter that matches: id, place, brief }
-- Cost      about 1.5 us per letter looked at. Caller: scan.ts
local rcall = redis.call
local letters, budget, most = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])
local task, code, fingerprint, workflow, tenant = ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local queue, from, till, text = ARGV[10], tonumber(ARGV[11]), tonumber(ARGV[12]), ARGV[13]
local start = queue .. '~'

local function matches(brief)
  local t, c, f, w, n, e, at, _, message =
    string.match(brief, '^([^\n]*)\n([^\n]*)\n([^\n]*)\n([^\n]*)\n([^\n]*)\n([^\n]*)\n(%d+)\n(%d+)\n(.*)$')
  if not t then return false end
  at = tonumber(at)
  return (task == '' or task == t) and (code == '' or code == c) and (fingerprint == '' or fingerprint == f)
    and (workflow == '' or workflow == w or workflow == n) and (tenant == '' or tenant == e)
    and at >= from and at < till
    and (text == '' or string.find(string.lower(message), text, 1, true) ~= nil)
end

local page = rcall('ZREVRANGEBYSCORE', KEYS[1], ARGV[2], '-inf', 'WITHSCORES', 'LIMIT', 0, budget)
local found = { '' }
for i = 1, #page, 2 do
  local id = page[i]
  if queue == '' or string.sub(id, 1, #start) == start then
    local brief = rcall('HGET', letters .. id, 'brief')
    if brief and matches(brief) then
      found[#found + 1], found[#found + 2], found[#found + 3] = id, page[i + 1], brief
      if #found > 3 * most then
        found[1] = page[i + 1]
        return found
      end
    end
  end
end
if #page == 2 * budget then found[1] = page[#page] end
return found
