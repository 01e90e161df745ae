-- measure: adds run times of a worker's last seconds to the sketches of their tasks, ages those that have grown large, and
-- keeps the quantiles of each where everybody reads them.
--
-- KEYS[1]   hash  task -> its quantiles as JSON, in buckets
-- KEYS[2..] hash  per task, its sketch: bucket -> how many attempts; `timeouts` -> how many were cut off
-- ARGV[1]   now, ms
-- ARGV[2]   samples of a sketch at which it is halved
-- ARGV[3]   how long an unused sketch is kept, ms
-- ARGV[4..] per task two: its name · JSON list of field, count, field, count, ...
-- Returns   number of tasks
-- Repeat    not safe: a second call counts twice. Whoever is not sure forgets the batch
-- Cost      about 70 us per task with 45 buckets. Caller: measure.ts
local rcall = redis.call
local now, most = tonumber(ARGV[1]), tonumber(ARGV[2])

-- Halves what the buckets hold without losing rare values: the odd one of a bucket is carried to the next, so that the
-- number of values up to any bucket is exactly half of what it was, rounded down.
local function halve(buckets)
  local carry = 0
  for _, bucket in ipairs(buckets) do
    local count = bucket[2] + carry
    bucket[2] = math.floor(count / 2)
    carry = count % 2
  end
end

local function quantile(buckets, total, q)
  local rank, below = math.max(1, math.ceil(q * total)), 0
  for _, bucket in ipairs(buckets) do
    below = below + bucket[2]
    if below >= rank then return bucket[1] end
  end
end

local function sum(buckets)
  local total = 0
  for _, bucket in ipairs(buckets) do total = total + bucket[2] end
  return total
end

for i = 2, #KEYS do
  local key, task, added = KEYS[i], ARGV[2 * i], cjson.decode(ARGV[2 * i + 1])
  for j = 1, #added, 2 do rcall('HINCRBY', key, added[j], added[j + 1]) end

  local buckets, timeouts = {}, 0
  local flat = rcall('HGETALL', key)
  for j = 1, #flat, 2 do
    if flat[j] == 'timeouts' then timeouts = tonumber(flat[j + 1])
    else buckets[#buckets + 1] = { tonumber(flat[j]), tonumber(flat[j + 1]) } end
  end
  table.sort(buckets, function(a, b) return a[1] < b[1] end)
  local total = sum(buckets)
  if total + timeouts > most then
    while total + timeouts > most do
      halve(buckets)
      timeouts = math.floor(timeouts / 2)
      total = sum(buckets)
    end
    rcall('DEL', key)
    for _, bucket in ipairs(buckets) do
      if bucket[2] > 0 then rcall('HSET', key, bucket[1], bucket[2]) end
    end
    if timeouts > 0 then rcall('HSET', key, 'timeouts', timeouts) end
  end
  rcall('PEXPIRE', key, ARGV[3])
  rcall('HSET', KEYS[1], task, cjson.encode({
    samples = total,
    timeouts = timeouts,
    p50 = quantile(buckets, total, 0.5),
    p90 = quantile(buckets, total, 0.9),
    p99 = quantile(buckets, total, 0.99),
    most = quantile(buckets, total, 1),
    at = now,
  }))
end
return #KEYS - 1
