-- take-probe: lets one attempt of the whole pool through a half-open breaker. The lease is bound to the lock of its job: it
-- lasts as long as the lock is renewed, and is void when its holder dies.
--
-- KEYS[1]   hash    breakers that are not closed -> state, as JSON
-- KEYS[2]   string  the attempt that probes: `<key of its lock>\n<token>`
-- KEYS[3]   string  a waiting job was called: `<time of the opening>`, then `<time of the opening> <queue>:<job id>`; expires
-- ARGV[1]   name of the breaker
-- ARGV[2]   the attempt that asks, as KEYS[2] has it; empty: asks whether a waiting job is to be called
-- ARGV[3]   `<queue>:<job id>` of an attempt that has waited, so that it may be the one that was called; else empty
-- ARGV[4]   ms after which another job is called, when the one that was called does not come
-- Returns   { `closed` · `open` not yet half-open · `taken` somebody else probes or was called · `granted`,
--           state as JSON or false, now in ms }
-- Repeat    safe: the holder is granted again
-- Cost      15 us. Caller: breakers.ts
local rcall = redis.call
local time = rcall('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local text = rcall('HGET', KEYS[1], ARGV[1])
if not text then return { 'closed', false, now } end

local state = cjson.decode(text)
local halfOpenAt = state['halfOpenAt']
if halfOpenAt < 0 or now < halfOpenAt then return { 'open', text, now } end

local holder = rcall('GET', KEYS[2])
if holder and holder ~= ARGV[2] then
  local at = string.find(holder, '\n', 1, true)
  if rcall('GET', string.sub(holder, 1, at - 1)) == string.sub(holder, at + 1) then return { 'taken', text, now } end
end
local opening = string.format('%.0f', state['openedAt'])
local called = rcall('GET', KEYS[3])
if called and string.sub(called, 1, #opening) == opening then
  local may = ARGV[3] ~= '' and (called == opening or called == opening .. ' ' .. ARGV[3])
  if not may then return { 'taken', text, now } end
end
if ARGV[2] == '' then
  rcall('SET', KEYS[3], opening, 'PX', ARGV[4])
else
  rcall('SET', KEYS[2], ARGV[2])
  rcall('DEL', KEYS[3])
end
return { 'granted', text, now }
