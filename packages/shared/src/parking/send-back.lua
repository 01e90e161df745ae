-- Fragment: sends jobs of a lot back to their queues. Included by unpark.lua and scripts of limits/ and resources/.
--
-- Expects   rcall, prefix
-- Provides  sendBack(lot's key, lots' key, lot, how many jobs, how many entries at most, rank to begin with) → suffixes of the
--           jobs sent back, the most urgent first; entries left. Those that came back by themselves are dropped from it.
--@bullmq promote promote

local function sendBack(key, lots, lot, wanted, most, from)
  local sent = {}
  for _, suffix in ipairs(rcall('ZRANGE', key, from or 0, (from or 0) + most - 1)) do
    if #sent >= wanted then break end
    local at = string.find(suffix, ':', 1, true)
    local q, id = prefix .. ':' .. string.sub(suffix, 1, at - 1) .. ':', string.sub(suffix, at + 1)
    rcall('ZREM', key, suffix)
    if rcall('HGET', q .. id, 'lot') == lot then
      local code = promote({ q .. 'delayed', q .. 'wait', q .. 'paused', q .. 'meta', q .. 'prioritized', q .. 'active',
        q .. 'pc', q .. 'events', q .. 'marker' }, { q, id })
      if code == 0 then sent[#sent + 1] = suffix end
    end
  end
  local left = rcall('ZCARD', key)
  if left == 0 then rcall('HDEL', lots, lot) end
  return sent, left
end
