-- keep: writes one value that is kept beyond the attempt, if the attempt still has the job.
--
-- KEYS[1]   hash    the job
-- KEYS[2]   string  its lock
-- KEYS[3]   hash    what is kept; its field `bytes` is the size of all others, names included
-- ARGV[1]   token of the lock
-- ARGV[2]   fencing token
-- ARGV[3]   field
-- ARGV[4]   value, JSON; empty: remove the field
-- ARGV[5]   most bytes that may be kept
-- ARGV[6]   `always`, or `if`: only when the field has the value ARGV[7]
-- ARGV[7]   value, JSON; empty: no such field
-- Returns   { 1 } kept · { 0, value } the field has another value, or { 0 } none · { -1 } the job is not ours ·
--           { -2, bytes } it would be this many bytes
-- Refuses   before the first write
-- Repeat    safe
-- Cost      5 us. Caller: kept.ts
--@include ours.lua

if not ours then return { -1 } end
local field, value = ARGV[3], ARGV[4]
local there = rcall('HGET', KEYS[3], field)
if ARGV[6] == 'if' and (there or '') ~= ARGV[7] then return { 0, there or nil } end

local before = there and #there + #field or 0
local after = value ~= '' and #value + #field or 0
local bytes = tonumber(rcall('HGET', KEYS[3], 'bytes') or 0) + after - before
if after > before and bytes > tonumber(ARGV[5]) then return { -2, bytes } end

if value == '' then
  rcall('HDEL', KEYS[3], field)
else
  rcall('HSET', KEYS[3], field, value)
end
rcall('HSET', KEYS[3], 'bytes', bytes)
return { 1 }
