-- ingest: writes one step of a workflow: its header when it is the first, some jobs, and the start when it is the last.
-- A workflow of a single step is written and started by this one call. In several steps, jobs without needs wait for the
-- header as if they needed it, so that nothing runs before everything is there.
--
-- KEYS[1]   hash  header of the workflow
-- KEYS[2]   list  its jobs
-- KEYS[3]   zset  index of loading workflows
-- KEYS[4]   zset  index of running workflows
-- KEYS[5]   zset  deadlines: workflow ids by the time at which they are cancelled, ms
-- KEYS[6]   hash  scheduling: the epoch, and when the line of those without a tenant ends, by level
-- KEYS[7]   zset  tenants of the workflow's level by when their line ends, ms
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   now, ms
-- ARGV[3]   how many dependents this call may inform
-- ARGV[4]   id of the workflow
-- ARGV[5]   `first`, `last`, `only` or `next`
-- ARGV[6]   header fields, packed: { name, value, … }
-- ARGV[7]   fingerprint of the definition
-- ARGV[8]   what turn.lua needs to give the workflow its turn, packed
-- ARGV[9..] jobs, packed as insert.lua says
-- Returns   { 1, residue } written · { 0 } this id was submitted before · { -1 } another workflow has this id ·
--           { -2 } the header is gone: begin again
-- Repeat    safe: jobs that exist are left alone
-- Cost      about 35 us per job. Caller: ingest.ts
local prefix, now, budget = ARGV[1], ARGV[2], tonumber(ARGV[3])
--@include ending.lua
--@include insert.lua
--@include turn.lua

local id, step = ARGV[4], ARGV[5]
local known = rcall('HMGET', KEYS[1], 'state', 'fingerprint', 'turn', 'epoch', 'rebased')
if known[1] then
  if known[2] ~= ARGV[7] then return { -1 } end
  if known[1] ~= 'loading' then return { 0 } end
elseif step == 'next' or step == 'last' then
  return { -2 }
end

local wish = cmsgpack.unpack(ARGV[8])
local turn, epoch, rebased = tonumber(known[3]), known[4], known[5]
if not known[1] then
  turn, epoch = takeTurn(KEYS[6], KEYS[7], wish)
  rcall('HSET', KEYS[1], 'turn', turn, 'epoch', epoch, 'state', 'loading', 'fingerprint', ARGV[7], 'waiting', 0, 'dead', 0, 'skipped', 0, 'cancelled', 0,
    unpack(cmsgpack.unpack(ARGV[6])))
  rcall('ZADD', KEYS[3], now, id)
  local deadline = rcall('HGET', KEYS[1], 'deadlineAt')
  if deadline then rcall('ZADD', KEYS[5], deadline, id) end
end
rcall('HSET', KEYS[1], 'touchedAt', now)

local base = baseOf(turn, epoch, wish)
local suffixes, roots, waiting = {}, {}, 0
for i = 9, #ARGV do
  local job = cmsgpack.unpack(ARGV[i])
  local suffix = job[1] .. ':' .. job[2]
  if rcall('EXISTS', prefix .. ':' .. suffix) == 0 then
    suffixes[#suffixes + 1] = suffix
    if #job[8] == 0 and step ~= 'only' then
      job[8] = { KEYS[1] }
      roots[#roots + 1] = suffix
    end
    if insertJob(id, job, base, rebased and epoch) then waiting = waiting + 1 end
  end
end
if #suffixes > 0 then rcall('RPUSH', KEYS[2], unpack(suffixes)) end
if #roots > 0 then rcall('RPUSH', KEYS[1] .. ':more', unpack(roots)) end
if waiting > 0 then rcall('HINCRBY', KEYS[1], 'waiting', waiting) end

if step == 'last' or step == 'only' then
  local workflow = workflowOf(id)
  moveIndex(workflow, 'running')
  if step == 'last' then
    rcall('HSET', KEYS[1], 'more', 1)
    ended(KEYS[1], 'succeeded')
  end
end
return { 1, settleAll() }
