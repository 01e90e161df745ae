-- aggregate: adds failures of a worker's last second to what the pool knows of them by fingerprint, and says which have
-- passed their threshold just now.
--
-- KEYS[1]   zset  fingerprints by the time they were last seen
-- KEYS[2..] per fingerprint two: hash, its record · HyperLogLog, the workflows it hit
-- ARGV[1]   now, ms
-- ARGV[2]   failures within the window that escalate
-- ARGV[3]   the window, ms
-- ARGV[4]   most fingerprints kept
-- ARGV[5]   how long one that is not seen again is kept, ms
-- ARGV[6]   what every key of a record begins with
-- ARGV[7..] per fingerprint two: its id · JSON { once: {field: text}, last: {field: text}, count, dead, critical, workflows }
-- Returns   ids of the fingerprints that escalate now
-- Repeat    not safe: a second call counts twice. Whoever is not sure forgets the batch
-- Cost      about 20 us per fingerprint. Caller: aggregate.ts
--
-- Failures within the window are estimated from two fixed ones: those of the current, and of the one before in proportion to
-- how much of it the sliding window still covers. Two counters instead of a list of times.
local rcall = redis.call
local index, now, threshold, window = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local keep, base = tonumber(ARGV[5]), ARGV[6]
local number = math.floor(now / window)
local escalated = {}

for i = 2, #KEYS, 2 do
  local record, workflows = KEYS[i], KEYS[i + 1]
  local id, batch = ARGV[i + 5], cjson.decode(ARGV[i + 6])
  if rcall('EXISTS', record) == 0 then
    rcall('HSET', record, 'firstSeenAt', now)
    for field, text in pairs(batch.once) do rcall('HSET', record, field, text) end
  end
  for field, text in pairs(batch.last) do rcall('HSET', record, field, text) end
  rcall('HSET', record, 'lastSeenAt', now)
  rcall('HINCRBY', record, 'count', batch.count)
  rcall('HINCRBY', record, 'dead', batch.dead)
  if #batch.workflows > 0 then rcall('PFADD', workflows, unpack(batch.workflows)) end
  rcall('ZADD', index, now, id)
  rcall('PEXPIRE', record, keep)
  rcall('PEXPIRE', workflows, keep)

  local seen = rcall('HMGET', record, 'window', 'inWindow', 'inWindowBefore', 'escalatedAt')
  local last, current, before = tonumber(seen[1]), tonumber(seen[2] or 0), tonumber(seen[3] or 0)
  if last ~= number then
    before = last == number - 1 and current or 0
    current = 0
  end
  current = current + batch.count
  rcall('HSET', record, 'window', number, 'inWindow', current, 'inWindowBefore', before)
  local sliding = current + before * (1 - (now % window) / window)
  local since = now - tonumber(seen[4] or -window)
  if since >= window and (sliding >= threshold or batch.critical) then
    rcall('HSET', record, 'escalatedAt', now)
    rcall('HINCRBY', record, 'escalations', 1)
    escalated[#escalated + 1] = id
  end
end

-- what is too old or too many, a few at a time
local gone = rcall('ZRANGEBYSCORE', index, '-inf', now - keep, 'LIMIT', 0, 100)
local excess = math.min(100, rcall('ZCARD', index) - #gone - tonumber(ARGV[4]))
if excess > 0 then
  for _, id in ipairs(rcall('ZRANGE', index, #gone, #gone + excess - 1)) do gone[#gone + 1] = id end
end
for _, id in ipairs(gone) do
  rcall('ZREM', index, id)
  rcall('DEL', base .. id, base .. id .. '/workflows')
end
return escalated
