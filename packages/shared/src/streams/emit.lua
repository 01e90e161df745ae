-- emit: appends chunks of one attempt to the stream of its workflow, and drops the oldest when there are too many.
--
-- KEYS[1]   hash    the job
-- KEYS[2]   string  its lock
-- KEYS[3]   stream  chunks of the workflow: { n = number from 1, end = bytes up to its end, job, attempt, at, chunk }
-- ARGV[1]   token of the lock
-- ARGV[2]   fencing token
-- ARGV[3]   now, ms
-- ARGV[4]   most chunks that stay
-- ARGV[5]   most bytes that stay
-- ARGV[6]   how long they stay after the last one, ms
-- ARGV[7]   channel on which those who watch are told
-- ARGV[8]   name of the job
-- ARGV[9]   number of the attempt
-- ARGV[10..] chunks, JSON
-- Returns   1 · -1 the job is not ours
-- Refuses   before the first write
-- Repeat    appends again
-- Cost      5 us, and 2 us per chunk. Caller: chunks.ts
--@include ../checkpoints/ours.lua

if not ours then return -1 end
local stream, most = KEYS[3], tonumber(ARGV[5])
local last = rcall('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
local n, bytes = 0, 0
if last then n, bytes = tonumber(last[2][2]), tonumber(last[2][4]) end
for i = 10, #ARGV do
  n, bytes = n + 1, bytes + #ARGV[i]
  rcall('XADD', stream, '*', 'n', n, 'end', bytes, 'job', ARGV[8], 'attempt', ARGV[9], 'at', ARGV[3], 'chunk', ARGV[i])
end
rcall('XTRIM', stream, 'MAXLEN', ARGV[4])

-- an entry stays when it and all that follow it fit; the last one always does
local function stays(entry)
  return bytes - tonumber(entry[2][4]) + #entry[2][12] <= most
end
local page
repeat
  page = rcall('XRANGE', stream, '-', '+', 'COUNT', 100)
  local first = 1
  while first < #page and not stays(page[first]) do first = first + 1 end
  if first > 1 then rcall('XTRIM', stream, 'MINID', page[first][1]) end
until #page < 2 or first == 1 or stays(page[#page])

rcall('PEXPIRE', stream, ARGV[6])
rcall('PUBLISH', ARGV[7], '{"chunks":' .. #ARGV - 9 .. ',"at":' .. ARGV[3] .. '}')
return 1
