-- Fragment: the state of a job whose hash does not say it: by the set of its queue in which it stands. Included by view.lua
-- and by scripts of reasons/.
--
-- Expects   rcall
-- Provides  stateOf(BullMQ's prefix of the queue with its colon, id of the job, key of its hash)
local function stateOf(q, id, key)
  if rcall('ZSCORE', q .. 'completed', id) then return 'succeeded' end
  if rcall('ZSCORE', q .. 'failed', id) then return 'dead' end
  if rcall('ZSCORE', q .. 'waiting-children', id) then return 'waiting' end
  if rcall('ZSCORE', q .. 'delayed', id) then return 'delayed' end
  if rcall('EXISTS', key .. ':lock') == 1 then return 'active' end
  return 'queued'
end
