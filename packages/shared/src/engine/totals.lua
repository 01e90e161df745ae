-- Fragment: what the pool has done since it began, for its metrics. Included by ending.lua and spawn.lua.
--
-- Expects   rcall, prefix, now
-- Provides  total(field, by) · totalEnd(state, submittedAt, deadlineAt) · writeTotals(): once, at the end of a script
--
-- The fields of the hash `<prefix>/totals`: `submitted <queue>`, `dead <task>`, `skipped`, `cancelled`, `replayed`; of workflows
-- that ended, by state: `<state> <bucket>` and `<state> ms`; of those with a deadline `slack <bucket>`, `slack ms`.
-- Cost      one HINCRBY per field and script call, however many jobs the call is about; two for all workflows that end.
local totals = {}

-- Upper bounds of the buckets in seconds; observability/metrics.ts has the same, and a test compares them.
local WORKFLOW_SECONDS = { 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14400, 86400 }
local SLACK_SECONDS = { -3600, -300, -60, 0, 60, 300, 900, 3600, 14400, 86400 }

local function total(field, by) totals[field] = (totals[field] or 0) + by end

local function totalTime(name, bounds, ms)
  local bucket = #bounds
  for i, bound in ipairs(bounds) do
    if ms <= bound * 1000 then
      bucket = i - 1
      break
    end
  end
  total(name .. ' ' .. bucket, 1)
  total(name .. ' ms', ms)
end

-- A workflow ended now; both times as its header has them, ms, the second `false` without a deadline.
local function totalEnd(state, submittedAt, deadlineAt)
  totalTime(state, WORKFLOW_SECONDS, math.max(0, now - (tonumber(submittedAt) or now)))
  if tonumber(deadlineAt) then totalTime('slack', SLACK_SECONDS, deadlineAt - now) end
end

local function writeTotals()
  for field, by in pairs(totals) do rcall('HINCRBY', prefix .. '/totals', field, string.format('%.0f', by)) end
end
