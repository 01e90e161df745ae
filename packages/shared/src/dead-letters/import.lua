-- import: writes dead letters that were exported, unless they are there or their job is not dead any more.
--
-- KEYS[1]   set   dead letters whose replay is under way
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   now, ms: since when they are kept
-- ARGV[3..] per letter nine: its id, its JSON, task, code, fingerprint, workflow, its name, tenant, then JSON
--           { failedAt, attempts, message }
-- Returns   per letter 1 written · 0 there already · -1 its job is not dead
-- Refuses   per letter
-- Repeat    safe: what is there stays as it is
-- Cost      about 50 us per letter. Caller: import.ts
local rcall = redis.call
local prefix = ARGV[1]
--@include letter.lua

local function isAlive(id)
  local at = string.find(id, '~', 1, true)
  local q, job = prefix .. ':' .. string.sub(id, 1, at - 1) .. ':', string.sub(id, at + 1)
  return rcall('EXISTS', q .. job) == 1 and not rcall('ZSCORE', q .. 'failed', job)
end

local replies = {}
for i = 3, #ARGV, 9 do
  local id, text, rest = ARGV[i], ARGV[i + 1], cjson.decode(ARGV[i + 8])
  local names = { ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5], ARGV[i + 6], ARGV[i + 7] }
  local reply = 1
  if isAlive(id) or rcall('SISMEMBER', KEYS[1], id) == 1 then
    reply = -1
  elseif not writeLetter(id, names[1], text, briefOf(names, rest.failedAt, rest.attempts, rest.message), ARGV[2]) then
    reply = 0
  end
  replies[#replies + 1] = reply
end
return replies
