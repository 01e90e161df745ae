-- take-probe: lets one attempt of the whole pool through a half-open breaker. The lease is bound to the lock of its job: it
-- lasts as long as the lock is renewed, and is void when its holder dies.
--
-- KEYS[1]   hash    breakers that are not closed -> state, as JSON
-- KEYS[2]   string  the attempt that probes: `<key of its lock>\n<token>`
-- ARGV[1]   name of the breaker
-- ARGV[2]   the attempt that asks, as KEYS[2] has it; empty: only asks whether anybody would be let through
-- Returns   { `closed` · `open` not yet half-open · `taken` by another attempt · `granted`, state as JSON or false, now in ms }
-- Repeat    safe: the holder is granted again
-- Cost      15 us. Caller: breakers.ts
local rcall = redis.call
local time = rcall('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local text = rcall('HGET', KEYS[1], ARGV[1])
if not text then return { 'closed', false, now } end

local halfOpenAt = cjson.decode(text)['halfOpenAt']
if halfOpenAt < 0 or now < halfOpenAt then return { 'open', text, now } end

local holder = rcall('GET', KEYS[2])
if holder and holder ~= ARGV[2] then
  local at = string.find(holder, '\n', 1, true)
  if rcall('GET', string.sub(holder, 1, at - 1)) == string.sub(holder, at + 1) then return { 'taken', text, now } end
end
if ARGV[2] ~= '' then rcall('SET', KEYS[2], ARGV[2]) end
return { 'granted', text, now }
