-- discard: removes dead letters; their jobs stay dead. One whose replay is under way is left alone. A workflow that holds
-- its dependents for a replay that can no longer come becomes one that skips them.
--
-- KEYS[1]   zset  prioritized of the dead-letters queue
-- KEYS[2]   set   dead letters whose replay is under way
-- KEYS[3..] hash  the letters
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   now, ms
-- ARGV[3]   how many dependents this call may inform
-- ARGV[4..] ids of the letters, in the same order as their keys
-- Returns   per letter 1 when it was removed, 0 when it was gone or is being replayed; last: entries of residue
-- Repeat    safe
-- Cost      about 5 us per letter, and ending.lua's per dependent that was held. Caller: discard.ts
local prefix, now, budget = ARGV[1], ARGV[2], tonumber(ARGV[3])
--@include ../engine/ending.lua
--@include briefs/briefs.lua

-- The other letters of the workflow can still be replayed, and what they had held runs then: un-skipped, as anywhere.
local function letGo(id)
  local at = string.find(id, '~', 1, true)
  local key = prefix .. ':' .. string.sub(id, 1, at - 1) .. ':' .. string.sub(id, at + 1)
  local workflowId = rcall('HGET', key, 'wf')
  local workflow = workflowId and workflowOf(workflowId)
  if not workflow or workflow.state ~= 'running' then return end
  if workflow.hold then
    rcall('HSET', workflow.header, 'onFailure', 'skip')
    workflow.hold = false
  end
  ended(key, 'failed')
end

local replies = {}
for i = 3, #KEYS do
  local id = ARGV[i + 1]
  replies[i - 2] = 0
  if rcall('SISMEMBER', KEYS[2], id) == 0 and unlist(id) then
    rcall('DEL', KEYS[i])
    replies[i - 2] = 1
    if string.find(id, '~', 1, true) then letGo(id) end
  end
end
replies[#replies + 1] = settleAll()
return replies
