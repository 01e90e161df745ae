-- marks: places that part the dead letters into pieces of the same size, from the newest.
--
-- KEYS[1]   zset  prioritized of the dead-letters queue
-- ARGV[1]   only places before this one, or '+inf'
-- ARGV[2]   letters in a piece
-- ARGV[3]   how many marks to give
-- Returns   the place of the last letter of each piece; fewer when there are fewer letters
-- Repeat    safe: reads only
-- Cost      5 us per mark. Caller: pieces.ts
local newest = redis.call('ZREVRANGEBYSCORE', KEYS[1], ARGV[1], '-inf', 'LIMIT', 0, 1)
local marks = {}
if not newest[1] then return marks end
local rank = redis.call('ZREVRANK', KEYS[1], newest[1]) - 1
for i = 1, ARGV[3] do
  local at = rank + i * ARGV[2]
  local last = redis.call('ZREVRANGE', KEYS[1], at, at, 'WITHSCORES')
  if not last[2] then break end
  marks[i] = last[2]
end
return marks
