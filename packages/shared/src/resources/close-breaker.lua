-- close-breaker: closes a breaker for the whole pool and tells every worker.
--
-- KEYS[1]   hash    breakers that are not closed -> state, as JSON
-- KEYS[2]   string  the attempt that probes
-- ARGV[1]   name of the breaker
-- ARGV[2]   the value of KEYS[2] of the probe that succeeded; empty: an operator, whoever probes
-- ARGV[3]   channel
-- Returns   1 · 0 when it was closed already, or the probe is not the one any more
-- Repeat    writes nothing
-- Cost      15 us. Caller: breakers.ts
local rcall = redis.call
if ARGV[2] ~= '' and rcall('GET', KEYS[2]) ~= ARGV[2] then return 0 end
rcall('DEL', KEYS[2])
if rcall('HDEL', KEYS[1], ARGV[1]) == 0 then return 0 end
rcall('PUBLISH', ARGV[3], cjson.encode({ name = ARGV[1] }))
return 1
