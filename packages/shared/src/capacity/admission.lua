-- Fragment: whether the pool takes one more workflow. Included by ingest.lua, which asks before it writes anything of it. So
-- however many producers submit at once, no queue holds more than its capacity.
--
-- Expects   rcall, prefix, now
-- Provides  refusalOf(id, demand) → nil · { 2, id } a workflow with this key of deduplication was submitted before ·
--             { -3, queue, jobs there, capacity, ms, shed } the queue is full, or sheds the lowest levels (shed 1) ·
--             { -4, tenant, jobs in line, most, ms } the tenant has enough in line; ms: when to try again, 0: never
--           accept(id, header, demand, reserves): takes the room; with `reserves`, for jobs that come in later steps
--           written(header, jobs by queue): so many of them are there · settleReservation(header): no more will come
--
--   demand   { { { queue, jobs, 1 if none is above `low` }, … }, tenant or '', key of deduplication or '', ms that it lasts,
--              the capacity of queues of which nobody said more }
--   A job waits from its submission until it is taken: for its needs, for its delay, for a retry, in a lot or in line.
-- Cost      5 us per queue and call, 2 us more for a tenant or a key.
local SHED_FROM = 0.9
-- When a queue that takes nothing now may take something: by what ended in the last seconds; a guess where nothing did.
local LOOK_BACK, SHORTEST_WAIT, LONGEST_WAIT, NOTHING_ENDED_WAIT = 10000, 1000, 60000, 30000

local loads = {} -- queue → { used, capacity }

local function loadOf(queue, default)
  local load = loads[queue]
  if not load then
    local q = prefix .. ':' .. queue .. ':'
    load = {
      capacity = tonumber(rcall('HGET', prefix .. '/capacities', queue)) or default,
      used = rcall('LLEN', q .. 'wait') + rcall('ZCARD', q .. 'prioritized') + rcall('ZCARD', q .. 'delayed')
        + rcall('ZCARD', q .. 'waiting-children') + (tonumber(rcall('HGET', prefix .. '/reserved', queue)) or 0),
    }
    loads[queue] = load
  end
  return load
end

local function waitFor(queue, jobs)
  local ended = rcall('ZCOUNT', prefix .. ':' .. queue .. ':completed', now - LOOK_BACK, '+inf')
  if ended == 0 then return NOTHING_ENDED_WAIT end
  return math.max(SHORTEST_WAIT, math.min(LONGEST_WAIT, math.ceil(jobs * LOOK_BACK / ended)))
end

local function tenantRefusal(tenant, jobs, queue)
  local most = tonumber(string.match(rcall('HGET', prefix .. '/quotas', tenant) or '', '^(%d+):'))
  if not most then return nil end
  local open = tonumber(rcall('HGET', prefix .. '/open', tenant)) or 0
  local queued = open - rcall('HLEN', prefix .. '/used/tenant/' .. tenant)
  local over = queued + jobs - most
  if over <= 0 then return nil end
  return { -4, tenant, queued, most, jobs > most and 0 or waitFor(queue, over) }
end

local function refusalOf(id, demand)
  local queues, tenant, key = demand[1], demand[2], demand[3]
  if key ~= '' then
    local first = rcall('GET', prefix .. '/dedup/' .. key)
    if first and first ~= id and rcall('EXISTS', prefix .. '/workflow/' .. first) == 1 then return { 2, first } end
  end
  local sum = 0
  for _, wanted in ipairs(queues) do
    local queue, jobs, low = wanted[1], wanted[2], wanted[3] == 1
    local load = loadOf(queue, demand[5])
    local most = low and math.floor(load.capacity * SHED_FROM) or load.capacity
    local over = load.used + jobs - most
    if over > 0 then
      local shed = load.used + jobs <= load.capacity and 1 or 0
      return { -3, queue, load.used, load.capacity, jobs > most and 0 or waitFor(queue, over), shed }
    end
    sum = sum + jobs
  end
  if tenant ~= '' then return tenantRefusal(tenant, sum, queues[1][1]) end
  return nil
end

local function accept(id, header, demand, reserves)
  local sum = 0
  for _, wanted in ipairs(demand[1]) do
    local queue, jobs = wanted[1], wanted[2]
    sum = sum + jobs
    loads[queue].used = loads[queue].used + jobs
    if reserves then
      rcall('HINCRBY', prefix .. '/reserved', queue, jobs)
      rcall('HSET', header .. '/reserved', queue, jobs)
    end
  end
  if demand[2] ~= '' then rcall('HINCRBY', prefix .. '/open', demand[2], sum) end
  if demand[3] ~= '' then rcall('SET', prefix .. '/dedup/' .. demand[3], id, 'PX', demand[4]) end
end

local function written(header, jobs)
  for queue, count in pairs(jobs) do
    rcall('HINCRBY', prefix .. '/reserved', queue, -count)
    rcall('HINCRBY', header .. '/reserved', queue, -count)
  end
end

--@include reservation.lua
