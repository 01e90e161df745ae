-- open-breaker: opens a breaker for the whole pool, or opens it again after a probe that failed, and tells every worker.
--
-- KEYS[1]   hash    breakers that are not closed -> state, as JSON
-- KEYS[2]   string  the attempt that probes
-- ARGV[1]   name of the breaker
-- ARGV[2]   ms until a probe may be made; -1: none, somebody closes it by hand
-- ARGV[3]   how often it has been opened since it was last closed, this time included
-- ARGV[4]   who opens it
-- ARGV[5]   why, for people
-- ARGV[6]   how: `count` by counting failures, `hand` by an operator, or the value of KEYS[2] of the probe that failed
-- ARGV[7]   channel
-- Returns   { 1 when it was opened by this call, its state as JSON or false when it is closed, now in ms }
-- Refuses   `count` when it is open already, a probe that is not the one any more: nothing is written
-- Repeat    writes nothing, except by hand
-- Cost      20 us. Caller: breakers.ts
local rcall = redis.call
local time = rcall('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = rcall('HGET', KEYS[1], ARGV[1])

if ARGV[6] == 'count' then
  if known then return { 0, known, now } end
elseif ARGV[6] ~= 'hand' and (not known or rcall('GET', KEYS[2]) ~= ARGV[6]) then
  return { 0, known, now }
end

local delay = tonumber(ARGV[2])
local state = cjson.encode({
  name = ARGV[1], openings = tonumber(ARGV[3]), openedAt = now, halfOpenAt = delay < 0 and -1 or now + delay,
  by = ARGV[4], why = ARGV[5],
})
rcall('HSET', KEYS[1], ARGV[1], state)
rcall('DEL', KEYS[2])
rcall('PUBLISH', ARGV[7], cjson.encode({ name = ARGV[1], now = now, state = state }))
return { 1, state, now }
