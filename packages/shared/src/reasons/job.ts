import { barriers } from './barriers.ts'
import { endReason } from './ended.ts'
import type { Circumstances, JobFacts } from './facts.ts'
import { limitReasons } from './limits.ts'
import { crewReasons, lineReasons } from './line.ts'
import { needsReasons } from './needs.ts'
import { parkedReasons } from './parked.ts'
import type { JobReasons, Reason } from './reason.ts'
import { startOf } from './start.ts'
import { counted, spanText } from './words.ts'

/** Every reason why a job does not run now: where it stands, then whatever it would meet if it were taken. */
export function jobReasons(job: JobFacts, at: Circumstances): JobReasons {
  const { workflow, job: name, task, queue, level, state } = job
  const of = { kind: 'job', workflow, job: name, task, queue, level, state, at: at.now } as const
  const settled = endReason(job, at.now) ?? (state === 'active' ? activeReason(job, at) : undefined)
  if (settled) return { ...of, reasons: [settled] }
  const reasons = openReasons(job, at)
  return { ...of, reasons, start: startOf(job, at, reasons) }
}

function openReasons(job: JobFacts, at: Circumstances): Reason[] {
  const kept = barriers(job, at)
  const crew = job.suspended ? [] : crewReasons(job, at)
  if (job.state === 'waiting') return [...needsReasons(job, at.workflow.holds), ...(job.suspended ? [] : kept), ...crew]
  if (job.parked) return [...parkedReasons(job, at, kept), ...kept, ...crew]
  if (job.state === 'delayed') return [delayReason(job, at.now), ...kept, ...crew]
  const full = job.fansOut ? [] : at.limits.flatMap((limit) => limitReasons(limit, at.now))
  const reasons = [...kept, ...full, ...crew, ...lineReasons(job, at)]
  if (reasons.length > 0) return reasons
  return [{ code: 'next', text: 'Nothing keeps it: it is the next of its queue, and a slot is free.' }]
}

/** BullMQ delays what its author delayed before the first attempt, and what failed until the next. */
function delayReason({ failed, delayedUntil = 0, error }: JobFacts, now: number): Reason {
  const until = Math.max(now, delayedUntil)
  const isOver = delayedUntil <= now
  const left = spanText(until - now)
  if (failed === 0) {
    const text = isOver
      ? 'Its delay is over: the next worker that looks takes it up.'
      : `It is delayed for another ${left}.`
    return { code: 'delayed', text, until }
  }
  const because = error ? `: ${error.code}: ${error.message.split('\n', 1)[0]}` : ''
  const next = isOver ? 'Its next attempt is due' : `Its next attempt comes in ${left}`
  return {
    code: 'retry',
    text: `${next}; ${counted(failed, 'attempt')} failed${because}`,
    until,
    data: { failed, ...(error && { error: error.code }) },
  }
}

function activeReason({ startedAt, attempts, worker, timeoutMs, task }: JobFacts, at: Circumstances): Reason {
  const since = startedAt === undefined ? '' : ` for ${spanText(at.now - startedAt)}`
  const limitMs = timeoutMs ?? at.timeLimitMs
  const left = limitMs === undefined || startedAt === undefined ? undefined : startedAt + limitMs - at.now
  const median = at.medians.get(task)
  const limit = left === undefined ? '' : left > 0 ? `, ${spanText(left)} of its limit left` : ', past its limit'
  const usual = median === undefined ? '' : `; attempts of its task usually take ${spanText(median)}`
  return {
    code: 'active',
    text: `It runs${since} on ${worker ?? 'a worker'}, attempt ${Math.max(1, attempts)}${limit}${usual}.`,
    ...(left !== undefined && { until: at.now + Math.max(0, left) }),
    data: {
      attempt: Math.max(1, attempts),
      ...(worker !== undefined && { worker }),
      ...(startedAt !== undefined && { startedAt }),
      ...(limitMs !== undefined && { limitMs }),
    },
  }
}
