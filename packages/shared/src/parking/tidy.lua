-- tidy: drops from a lot the entries of jobs that came back by themselves: nobody calls them, so nobody else would.
--
-- KEYS[1]   zset  the lot
-- KEYS[2]   hash  lots
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   name of the lot
-- ARGV[3]   rank to begin with
-- ARGV[4]   how many entries at most
-- Returns   { how many were dropped, rank to go on from, 0 at the end }
-- Repeat    safe
-- Cost      2 us per entry. Caller: tidy.ts
local rcall = redis.call
local prefix, lot, from, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
--@include strike.lua

local entries = rcall('ZRANGE', KEYS[1], from, from + most - 1)
local stale = {}
for _, suffix in ipairs(entries) do
  local at = string.find(suffix, ':', 1, true)
  local q, id = prefix .. ':' .. string.sub(suffix, 1, at - 1) .. ':', string.sub(suffix, at + 1)
  if not rcall('ZSCORE', q .. 'delayed', id) or rcall('HGET', q .. id, 'lot') ~= lot then stale[#stale + 1] = suffix end
end
if #stale > 0 then strike(lot, stale) end
if #entries == 0 and from == 0 then rcall('HDEL', KEYS[2], lot) end -- nobody was left when it was last looked at
return { #stale, #entries < most and 0 or from + #entries - #stale }
