-- read-texts: gives the texts of dead letters, as many as fit one answer.
--
-- KEYS[1..] hash  dead letters
-- ARGV[1]   bytes after which no further one is given
-- Returns   their texts, in the order of the keys; nil for one that is gone. There may be fewer than keys
-- Repeat    safe: reads only
-- Cost      1 us per letter, and its size. Caller: export.ts
local texts, bytes = {}, 0
for i, key in ipairs(KEYS) do
  texts[i] = redis.call('HGET', key, 'data')
  bytes = bytes + (texts[i] and #texts[i] or 0)
  if bytes > tonumber(ARGV[1]) then break end
end
return texts
