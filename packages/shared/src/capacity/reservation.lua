-- Fragment: gives back the room that a workflow reserved and did not fill. Included by admission.lua and purge.lua.
--
-- Expects   rcall, prefix
-- Provides  settleReservation(header)
local function settleReservation(header)
  local left = rcall('HGETALL', header .. '/reserved')
  for i = 1, #left, 2 do
    if rcall('HINCRBY', prefix .. '/reserved', left[i], 0 - left[i + 1]) <= 0 then
      rcall('HDEL', prefix .. '/reserved', left[i])
    end
  end
  if #left > 0 then rcall('DEL', header .. '/reserved') end
end
