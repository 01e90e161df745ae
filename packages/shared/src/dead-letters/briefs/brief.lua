-- Fragment: the text of a brief, which is what a dead letter is filtered and counted by.
--
-- Provides  briefOf({ task, code, fingerprint, workflow, its name, tenant }, failed at in ms, attempts, message) → text
--           entryOf(id of the letter, brief) · idIn(entry) · briefIn(entry, id)
--
--   brief    values separated by line breaks; the message, cut and in lower case, is the last and may have some
--   entry    the brief, the id and how many bytes the id has, one below the other
local MESSAGE_IN_BRIEF = 500 -- bytes

local function briefOf(names, failedAt, attempts, message)
  local line = { string.format('%013.0f', failedAt), string.format('%.0f', attempts) }
  for i = 1, 6 do line[i + 2] = (string.gsub(names[i] or '', '\n', ' ')) end
  line[9] = string.lower(string.sub(message, 1, MESSAGE_IN_BRIEF))
  return table.concat(line, '\n')
end

local function entryOf(id, brief) return brief .. '\n' .. id .. '\n' .. #id end

local function idIn(entry)
  local size = string.match(entry, '%d+$', -6)
  return string.sub(entry, -1 - #size - size, -2 - #size)
end

local function briefIn(entry, id) return string.sub(entry, 1, -3 - #id - #tostring(#id)) end
