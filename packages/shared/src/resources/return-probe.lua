-- return-probe: gives back the lease of a probe that learnt nothing, so that another attempt can be the probe.
--
-- KEYS[1]   string  the attempt that probes
-- ARGV[1]   its value for the attempt that gives back
-- Returns   1 · 0 when another attempt has it
-- Repeat    writes nothing
-- Cost      5 us. Caller: breakers.ts
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
