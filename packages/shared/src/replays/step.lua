-- step: moves a paced replay on by one step: notes what became of the letters in hand, looks which jobs have ended again,
-- judges canary and stop rule, and gives the letters that are due. Time is the server's, so that workers' clocks may differ.
--
-- KEYS[1]   hash  the paced replay
-- KEYS[2]   list  letters to be replayed: `<letter>\n<score>`
-- KEYS[3]   hash  letters in hand → since when, ms
-- KEYS[4]   list  letters whose jobs have not ended again
-- KEYS[5]   set   paced replays with something left to do
-- ARGV[1]   BullMQ's prefix
-- ARGV[2]   id of the paced replay
-- ARGV[3]   a letter in hand for so long lost its worker and is given again, ms
-- ARGV[4]   how long the record is kept when all is over, ms
-- ARGV[5]   ends below which a share of failures does not count
-- ARGV[6..] what became of letters in hand: letter with score, and `replayed`, `gone`, `job-gone` or `cancelled`
-- Returns   the letters to replay now
-- Repeat    safe: a letter is noted once, when it leaves the hand
-- Cost      3 us per letter noted, looked at or given; at most 2,000 are looked at. Caller: step.ts
local rcall = redis.call
local prefix, id, stale = ARGV[1], ARGV[2], tonumber(ARGV[3])
local time = rcall('TIME')
local now = time[1] * 1000 + time[2] / 1000
local MOST_IN_HAND, CATCH_UP, BURST_MS, MOST_BEHIND_MS = 500, 1.1, 200, 5000

local names = { 'state', 'rate', 'canary', 'percent', 'count', 'sent', 'succeeded', 'failed', 'passed', 'dueAt', 'fastAt' }
local values, record = rcall('HMGET', KEYS[1], unpack(names)), {}
for i, name in ipairs(names) do record[name] = values[i] end
if not record.state then
  rcall('SREM', KEYS[5], id)
  return {}
end
local function number(name) return tonumber(record[name] or 0) or 0 end
local function add(name, by)
  if by > 0 then record[name] = rcall('HINCRBY', KEYS[1], name, by) end
end
local function finish(state, why)
  record.state = state
  rcall('HSET', KEYS[1], 'state', state, 'finishedAt', math.floor(now))
  if why then
    rcall('HSET', KEYS[1], 'why', why, 'left', rcall('LLEN', KEYS[2]))
    rcall('DEL', KEYS[2])
  end
end
-- `<queue>~<job id>` → queue, job id
local function jobOf(letter)
  local at = string.find(letter, '~', 1, true)
  return prefix .. ':' .. string.sub(letter, 1, at - 1) .. ':', string.sub(letter, at + 1)
end

local sent, gone, refused = 0, 0, 0
for i = 6, #ARGV, 2 do
  if rcall('HDEL', KEYS[3], ARGV[i]) == 1 then
    local letter = string.match(ARGV[i], '^[^\n]+')
    local q, job = jobOf(letter)
    if ARGV[i + 1] == 'job-gone' or ARGV[i + 1] == 'cancelled' then
      refused = refused + 1
    elseif rcall('HGET', q .. job, 'replay') == id then -- also when a worker vanished between doing and saying so
      sent = sent + 1
      rcall('RPUSH', KEYS[4], letter)
    else
      gone = gone + 1
    end
  end
end
add('sent', sent)
add('gone', gone)
add('refused', refused)

local open = rcall('LLEN', KEYS[4])
local succeeded, failed, vanished = 0, 0, 0
for _ = 1, math.min(open, 2000, math.max(100, math.ceil(open / 10))) do
  local letter = rcall('LPOP', KEYS[4])
  local q, job = jobOf(letter)
  if rcall('ZSCORE', q .. 'completed', job) then
    if rcall('HGET', q .. job, 'state') == 'cancelled' then vanished = vanished + 1 else succeeded = succeeded + 1 end
  elseif rcall('ZSCORE', q .. 'failed', job) then
    failed = failed + 1
  elseif rcall('EXISTS', q .. job) == 0 then
    vanished = vanished + 1
  else
    rcall('RPUSH', KEYS[4], letter)
  end
end
add('succeeded', succeeded)
add('failed', failed)
add('vanished', vanished)

local canary, passed = number('canary'), record.passed
if record.state == 'running' or record.state == 'paused' then
  local failures, ends = number('failed'), number('failed') + number('succeeded')
  if canary > 0 and not passed and failures > 0 then
    finish('stopped', 'canary')
  elseif record.count and failures > tonumber(record.count) then
    finish('stopped', 'failures')
  elseif record.percent and ends >= tonumber(ARGV[5]) and failures * 100 > ends * tonumber(record.percent) then
    finish('stopped', 'failures')
  end
end

local inHand, given = rcall('HGETALL', KEYS[3]), {}
for i = 1, #inHand, 2 do
  if now - tonumber(inHand[i + 1]) > stale then
    rcall('HSET', KEYS[3], inHand[i], now)
    given[#given + 1] = inHand[i]
  end
end
local held = #inHand / 2

if record.state == 'running' then
  local most = MOST_IN_HAND - held
  if canary > 0 and not passed then
    most = math.min(most, canary - number('sent') - held)
    if most <= 0 and held == 0 and rcall('LLEN', KEYS[4]) == 0 then
      passed, most = '1', MOST_IN_HAND
      record.dueAt = now
      rcall('HSET', KEYS[1], 'passed', 1)
    end
  end
  -- two clocks: the pace that was asked for, and one a tenth faster by which lost time is made up for
  local rate = number('rate')
  local due = math.max(number('dueAt'), now - MOST_BEHIND_MS)
  local fast = math.max(number('fastAt'), now - BURST_MS)
  local count = math.min(most, math.floor((now - due) * rate / 1000), math.floor((now - fast) * rate * CATCH_UP / 1000) + 1)
  if count > 0 then
    local entries = rcall('LPOP', KEYS[2], count) or {}
    for _, entry in ipairs(entries) do
      rcall('HSET', KEYS[3], entry, now)
      given[#given + 1] = entry
    end
    held = held + #entries
    due = due + #entries * 1000 / rate
    fast = fast + #entries * 1000 / (rate * CATCH_UP)
  end
  rcall('HSET', KEYS[1], 'dueAt', string.format('%.3f', due), 'fastAt', string.format('%.3f', fast))
end

if held == 0 and #given == 0 and rcall('LLEN', KEYS[4]) == 0 then
  if record.state == 'running' and rcall('LLEN', KEYS[2]) == 0 then finish('done') end
  if record.state == 'done' or record.state == 'stopped' then
    rcall('SREM', KEYS[5], id)
    rcall('PEXPIRE', KEYS[1], ARGV[4])
  end
end
return given
