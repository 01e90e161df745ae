-- Fragment: the level of a job, told from its number. Included by queue-depth.lua and by scripts of reasons/.
--
-- Expects   rcall, prefix, quantum (ms), floors: per level, the most urgent first, the least that its jobs' numbers can be
--           beyond the turn of their workflow
-- Provides  levelOf(workflow, number) -> 1 for the most urgent
-- Cost      2 us for the first job of a workflow
local parts = {} -- workflow -> the part of its numbers that its turn gives
local function partOf(workflow)
  if not parts[workflow] then
    local header = rcall('HMGET', prefix .. '/workflow/' .. workflow, 'turn', 'epoch')
    local turn, epoch = tonumber(header[1]), tonumber(header[2])
    parts[workflow] = turn and epoch and math.floor((turn - epoch) / quantum) or 0
  end
  return parts[workflow]
end

local function levelOf(workflow, number)
  local rest = number - partOf(workflow)
  for level = #floors, 2, -1 do
    if rest >= floors[level] then return level end
  end
  return 1
end
