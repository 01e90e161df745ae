import type { Circumstances, JobFacts } from './facts.ts'
import { crewOf } from './line.ts'
import type { Reason, ReasonCode, StartEstimate } from './reason.ts'
import { counted, spanText } from './words.ts'

/** What passes by itself at a time that is known, or is reckoned here. */
const PASSES: ReadonlySet<ReasonCode> = new Set(['behind-others', 'workers-full', 'next'])

/** What must happen before a reason ends that has no known end. */
const EVENTS: Partial<Record<ReasonCode, string>> = {
  'needs-open': 'its needs end',
  'need-dead': 'its needs are replayed',
  'spawned-open': 'the jobs that it spawned end',
  'workflow-loading': 'its workflow is written',
  'no-worker': 'a worker for its queue comes',
  'task-absent': 'a worker with its task comes',
  'workers-short-of-memory': 'its workers have memory again',
  'coming-back': 'it is called back',
}

function eventOf({ code, about = 'rest' }: Reason): string {
  if (code.endsWith('-paused')) return `the ${about} is resumed`
  return EVENTS[code] ?? (code === 'breaker-open' ? `the breaker of the ${about} closes` : `the ${about} has room`)
}

/** As long as so large a share of what is ahead has been measured, the rest is taken to be like it. */
const LEAST_MEASURED = 0.5

/**
 * When a job is likely to begin: at the latest time that its reasons name, or when the slots of its queue have worked off what
 * is ahead of it, each job as long as attempts of its task usually take. What comes later and is more urgent is not foreseen.
 */
export function startOf(job: JobFacts, at: Circumstances, reasons: readonly Reason[]): StartEstimate {
  const endless = reasons.find(({ code, until }) => until === undefined && !PASSES.has(code))
  if (endless) return { at: undefined, how: `Unknown: nobody can say when ${eventOf(endless)}.` }
  const latest = reasons.reduce((most, { until }) => Math.max(most, until ?? 0), 0)
  if (!job.line) {
    const how = 'When what keeps it is over, if a slot is free then.'
    return latest > 0 ? { at: latest, how } : { at: at.now, how: 'At once.' }
  }
  const work = workAhead(job.line.ahead > 0 ? job.line.tasks : { [job.task]: 1 }, at.medians)
  const { limit, free } = crewOf(job.task, job.queue, at)
  if (limit === 0) return { at: undefined, how: 'Unknown: no live worker has a slot for it.' }
  if (job.line.ahead < free)
    return { at: Math.max(at.now, latest), how: `${counted(free, 'slot')} of ${limit} are free: at once.` }
  if (work === undefined) {
    return { at: undefined, how: 'Unknown: no attempt of the tasks ahead of it has been measured yet.' }
  }
  const turns = (job.line.ahead + 1 - free) / limit
  const ms = Math.ceil(turns * work.meanMs)
  const how = `${counted(job.line.ahead, 'job')} ahead, of about ${spanText(work.meanMs)} each (${work.source}), on ${counted(limit, 'slot')}; if nothing more urgent comes.`
  return { at: Math.max(latest, at.now + ms), how }
}

/** How long jobs of these tasks take on average, ms. */
function workAhead(tasks: Readonly<Record<string, number>>, medians: ReadonlyMap<string, number>) {
  const counts = Object.entries(tasks)
  let [known, all, sum] = [0, 0, 0]
  for (const [task, count] of counts) {
    all += count
    const median = medians.get(task)
    if (median === undefined) continue
    known += count
    sum += count * median
  }
  if (known === 0 || known < all * LEAST_MEASURED) return undefined
  const source = known === all ? 'the medians of their tasks' : `measured of ${known} of ${all} that were looked at`
  return { meanMs: sum / known, source }
}
