-- purge: removes a workflow and its jobs, page by page: one that ended long ago, or one that its producer left half
-- loaded. Dead letters stay.
--
-- KEYS[1]   hash  header of the workflow
-- KEYS[2]   list  its jobs
-- KEYS[3]   list  its jobs without needs
-- KEYS[4]   set   its jobs that vanished
-- KEYS[5]   hash  what its jobs share
-- KEYS[6]   stream  what its jobs emitted
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   id of the workflow
-- ARGV[3]   ended, or last touched while loading, before this time, ms
-- ARGV[4]   jobs in a page
-- Returns   1 there is more · 0 done · -1 not old enough, or still at work
-- Repeat    safe
-- Cost      about 15 us per job. Caller: purge.ts
local rcall = redis.call
local prefix, id = ARGV[1], ARGV[2]
--@include ../capacity/reservation.lua
--@include ../capacity/count-open.lua
local header = rcall('HMGET', KEYS[1], 'state', 'finishedAt', 'touchedAt', 'open', 'tenant')
local state = header[1]
if not state then return 0 end
local since = tonumber((state == 'loading' and header[3] or header[2]) or nil)
if not since or since >= tonumber(ARGV[3]) then return -1 end
if state == 'running' or (state ~= 'loading' and tonumber(header[4]) > 0) then return -1 end

local page = rcall('LRANGE', KEYS[2], 0, tonumber(ARGV[4]) - 1)
for _, suffix in ipairs(page) do
  local at = string.find(suffix, ':', 1, true)
  local q, job = prefix .. ':' .. string.sub(suffix, 1, at - 1) .. ':', string.sub(suffix, at + 1)
  for _, set in ipairs({ 'completed', 'failed', 'waiting-children', 'delayed', 'prioritized' }) do
    rcall('ZREM', q .. set, job)
  end
  local key = q .. job
  rcall('DEL', key, key .. ':dependencies', key .. ':more', key .. ':logs', key .. ':kept')
end
rcall('LTRIM', KEYS[2], #page, -1)
if rcall('LLEN', KEYS[2]) > 0 then return 1 end
settleReservation(KEYS[1])
if state == 'loading' and header[5] then countOpen(header[5], 0 - header[4]) end
rcall('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6])
rcall('ZREM', prefix .. '/workflows/' .. state, id)
return 0
