-- Fragment: writes a dead letter into its queue. Included by bury.lua and import.lua.
--
-- Expects   rcall, prefix
-- Provides  writeLetter(id, task, JSON text, brief, time of the entry in ms) → false when there is one of this id
--           briefOf({ task, code, fingerprint, workflow, its name, tenant }, failed at in ms, attempts, message) → text
-- Cost      about 40 us
--
-- The brief is what letters are filtered and counted by. All of them are in one hash, so that a thousand are read at once and
-- without their inputs and stacks, however large. Values are separated by line breaks; the message, cut, is the last and may
-- have some.
--@bullmq addLetter addPrioritizedJob
local MESSAGE_IN_BRIEF = 500 -- bytes

local function briefOf(names, failedAt, attempts, message)
  local line = { string.format('%013.0f', failedAt), string.format('%.0f', attempts) }
  for i = 1, 6 do line[i + 2] = (string.gsub(names[i] or '', '\n', ' ')) end
  line[9] = string.sub(message, 1, MESSAGE_IN_BRIEF)
  return table.concat(line, '\n')
end

local function writeLetter(id, task, text, brief, at)
  local letters = prefix .. ':dead-letters:'
  if rcall('EXISTS', letters .. id) == 1 then return false end
  rcall('SADD', prefix .. '/queues', 'dead-letters')
  addLetter({
    letters .. 'marker', letters .. 'meta', letters .. 'id', letters .. 'prioritized', letters .. 'delayed',
    letters .. 'completed', letters .. 'active', letters .. 'events', letters .. 'pc',
  }, {
    cmsgpack.pack({ letters, id, task, at }),
    text,
    cmsgpack.pack({ priority = 1 }),
  })
  rcall('HSET', prefix .. '/briefs', id, brief)
  return true
end
