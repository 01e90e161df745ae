-- group: looks at some dead letters, from the newest, and groups those that match by fingerprint.
--
-- KEYS[1]   zset  prioritized of the dead-letters queue
-- KEYS[2]   zset  their briefs by place
-- ARGV      as scan.lua takes them
-- Returns   { place to go on before, or '' at the end; JSON: fingerprint → { newest, code, letters, firstAt, lastAt,
--           tasks = { name → letters }, tenants = { name → letters }, workflows = [ids] } }
-- Cost      about 2 us per letter. Caller: stats.ts
local rcall = redis.call
local budget = tonumber(ARGV[2])
--@include matching.lua

local groups = {}
local function add(id, entry)
  local at, t, c, f, w, e =
    string.match(entry, '^(%d+)\n%d+\n([^\n]*)\n([^\n]*)\n([^\n]*)\n([^\n]*)\n[^\n]*\n([^\n]*)\n')
  at = tonumber(at)
  local group = groups[f]
  if not group then
    group = { newest = id, code = c, letters = 0, firstAt = at, lastAt = at, tasks = {}, tenants = {}, workflows = {}, met = {} }
    groups[f] = group
  end
  group.letters = group.letters + 1
  if at < group.firstAt then group.firstAt = at end
  if at > group.lastAt then group.lastAt = at end
  group.tasks[t] = (group.tasks[t] or 0) + 1
  if e ~= '' then group.tenants[e] = (group.tenants[e] or 0) + 1 end
  if w ~= '' and not group.met[w] then
    group.met[w] = true
    group.workflows[#group.workflows + 1] = w
  end
end

local page = rcall('ZREVRANGEBYSCORE', KEYS[2], ARGV[1], ARGV[14], 'LIMIT', 0, budget)
if #page == 0 then return { '', '{}' } end
for _, entry in ipairs(page) do
  local id = matchIn(entry)
  if id and rcall('ZSCORE', KEYS[1], id) then add(id, entry) end -- else another tool has removed the letter
end
for _, group in pairs(groups) do group.met = nil end
return { #page == budget and rcall('ZSCORE', KEYS[2], page[#page]) or '', cjson.encode(groups) }
