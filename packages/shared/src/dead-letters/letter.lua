-- Fragment: writes a dead letter into its queue. Included by bury.lua and import.lua.
--
-- Expects   rcall, prefix
-- Provides  writeLetter(id, task, JSON text, brief, time of the entry in ms) → false when there is one of this id
--           briefOf of briefs.lua
-- Cost      about 40 us
--@bullmq addLetter addPrioritizedJob
--@include briefs/briefs.lua

local function writeLetter(id, task, text, brief, at)
  local q = prefix .. ':dead-letters:'
  if rcall('EXISTS', q .. id) == 1 then return false end
  rcall('SADD', prefix .. '/queues', 'dead-letters')
  addLetter({
    q .. 'marker', q .. 'meta', q .. 'id', q .. 'prioritized', q .. 'delayed',
    q .. 'completed', q .. 'active', q .. 'events', q .. 'pc',
  }, {
    cmsgpack.pack({ q, id, task, at }),
    text,
    cmsgpack.pack({ priority = 1 }),
  })
  noteBrief(id, brief)
  return true
end
