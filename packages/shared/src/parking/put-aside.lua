-- Fragment: puts a job that may not start now aside. Included by park.lua and limits/admit.lua.
--
-- Expects   rcall
-- Provides  putAside(keys, job, parking) → 0 · -7 its workflow was cancelled · BullMQ's code when it is gone (-1), not ours
--           (-2, -6) or not active (-3); nothing is written unless 0
--
--   keys     of its queue, as BullMQ's moveToDelayed takes them: marker, active, prioritized, delayed, the job, events, meta,
--            stalled, wait, limiter, pc
--   job      { base (BullMQ's prefix of the queue, with its colon), id, token of the lock, suffix }
--   parking  { lot, why, delay (ms), now (ms), lots (key), lotBase (key of all lots, without their names) }
--@bullmq delay moveToDelayed

local function putAside(keys, job, parking)
  local key = keys[5]
  if rcall('GET', key .. ':lock') ~= job.token then return -2 end
  local fields = rcall('HMGET', key, 'lot', 'priority', 'cancel')
  if fields[3] then return -7 end
  local code = delay(keys, { job.base, parking.now, job.id, job.token, parking.delay, '1', '', '0', '' })
  if code ~= 0 then return code end

  local lot = parking.lotBase .. parking.lot
  if fields[1] and fields[1] ~= parking.lot then rcall('ZREM', parking.lotBase .. fields[1], job.suffix) end
  rcall('HSET', key, 'lot', parking.lot, 'why', parking.why)
  rcall('HINCRBY', key, 'parkings', 1)
  -- those of equal priority in the order in which they came
  rcall('ZADD', lot, (tonumber(fields[2]) or 0) * 0x100000000 + rcall('ZCARD', lot), job.suffix)
  rcall('HSET', parking.lots, parking.lot, parking.now)
  return 0
end
