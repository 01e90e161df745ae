-- Fragment: takes jobs off the list of a lot. Included by scripts of this folder and by cancel.lua.
--
-- Expects   rcall, prefix
-- Provides  strike(lot, suffixes) → how many stood there; the lot is forgotten when none is left
local function strike(lot, suffixes)
  local key = prefix .. '/lot/' .. lot
  local struck = rcall('ZREM', key, unpack(suffixes))
  if struck > 0 and rcall('EXISTS', key) == 0 then rcall('HDEL', prefix .. '/lots', lot) end
  return struck
end
