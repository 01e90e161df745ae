-- restore-briefs: writes the briefs of dead letters that have none, as those do that an earlier version has buried.
--
-- KEYS[1]   zset  prioritized of the dead-letters queue
-- KEYS[2]   zset  briefs by place
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   only places before this one, or '+inf'
-- ARGV[3]   how many letters to look at
-- ARGV[4]   bytes of letters after which no further one is read
-- Returns   { how many were written, place to go on before, '' at the end }
-- Repeat    safe
-- Cost      1 us per letter, and to read those without a brief. Caller: mend-briefs.ts
local rcall = redis.call
local prefix = ARGV[1]
--@include briefs.lua

local function textOf(value) return type(value) == 'string' and value or '' end
local function numberOf(value) return type(value) == 'number' and value or 0 end

local bytes, most, written = 0, tonumber(ARGV[4]), 0

local function restore(id)
  local text = rcall('HGET', prefix .. ':dead-letters:' .. id, 'data')
  if not text then return end
  bytes = bytes + #text
  local ok, letter = pcall(cjson.decode, text)
  if not ok or type(letter) ~= 'table' or type(letter.failedAt) ~= 'number' then return end -- no letter of ours
  local data = type(letter.data) == 'table' and letter.data or {}
  local names = { textOf(letter.task), textOf(letter.code), textOf(letter.fingerprint), textOf(data.workflow),
    textOf(data.workflowName), textOf(data.tenant) }
  noteBrief(id, briefOf(names, letter.failedAt, numberOf(letter.attempts), textOf(letter.message)))
  written = written + 1
end

local page = rcall('ZREVRANGEBYSCORE', KEYS[1], ARGV[2], '-inf', 'WITHSCORES', 'LIMIT', 0, ARGV[3])
local last = ''
for i = 1, #page, 2 do
  if bytes > most then break end
  last = page[i + 1]
  if rcall('ZCOUNT', KEYS[2], last, last) == 0 then restore(page[i]) end
end
return { written, last }
