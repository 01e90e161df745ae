import type { Circumstances, JobFacts } from './facts.ts'
import { limitAbout, limitReasons } from './limits.ts'
import type { Reason, ReasonCode } from './reason.ts'
import { counted, spanText } from './words.ts'

type Parked = NonNullable<JobFacts['parked']>

/** Lots whose jobs wait for something that the barriers tell already. */
const TOLD_BY_BARRIERS: Readonly<Record<string, ReasonCode>> = {
  task: 'task-paused',
  workflow: 'workflow-paused',
  breaker: 'breaker-open',
}

/** Lots of which only the job knows why, since it was a worker that turned it away. */
const KEPT: Readonly<Record<string, { readonly code: ReasonCode; readonly of: string; readonly help?: string }>> = {
  bulkhead: { code: 'bulkhead-full', of: 'resource' },
  memory: { code: 'memory-reserved', of: 'task', help: 'Give the workers more memory, or start more of them.' },
  worker: { code: 'worker-unhealthy', of: 'task', help: 'millrace workers shows which worker fails at it.' },
  cache: { code: 'cache-awaited', of: 'task' },
  delay: { code: 'postponed', of: 'task' },
}

/**
 * Why a job that was put aside stands where it does.
 *
 * @param told reasons that are given anyhow: what is among them is not said twice.
 */
export function parkedReasons(job: JobFacts, at: Circumstances, told: readonly Reason[]): Reason[] {
  const { parked } = job
  if (!parked) return []
  const slash = parked.lot.indexOf('/')
  const [kind, name] = [parked.lot.slice(0, slash), parked.lot.slice(slash + 1)]
  const barrier = TOLD_BY_BARRIERS[kind]
  if (barrier) return told.some(({ code }) => code === barrier) ? [] : [comingBack(parked)]
  const until = job.delayedUntil
  const kept = KEPT[kind]
  if (kept) {
    const about = `${kept.of} ${kind === 'cache' ? job.task : name}`
    const again =
      until === undefined || kind === 'cache' ? '' : ` It comes back in ${spanText(until - at.now)} at the latest.`
    const text = `It was put aside, ${place(parked)}: ${parked.why}.${again}`
    const data = { lot: parked.lot, parked: parked.jobs }
    return [
      {
        code: kept.code,
        about,
        text,
        ...(until !== undefined && { until }),
        ...(kept.help && { help: kept.help }),
        data,
      },
    ]
  }
  const limit = at.limits.find(({ lot }) => lot === parked.lot)
  const full = limit ? limitReasons(limit, at.now) : []
  if (full.length > 0) return full.map((reason) => ({ ...reason, text: `${reason.text} It is ${place(parked)}.` }))
  const code = kind === 'tenant' ? 'tenant-full' : kind === 'slots' ? 'concurrency-full' : 'rate-reached'
  return [
    {
      code,
      about: limitAbout(parked.lot),
      text: `It was put aside, ${place(parked)}: ${parked.why}.`,
      data: { lot: parked.lot, parked: parked.jobs },
    },
  ]
}

const place = ({ rank, jobs }: Parked): string =>
  jobs <= 1 ? 'the only one that waits for this' : `number ${rank + 1} of ${counted(jobs, 'job')} that wait for this`

function comingBack({ lot, why }: Parked): Reason {
  const text = `It was put aside because ${why}. That is over: it is on its way back to its queue.`
  return { code: 'coming-back', text, data: { lot } }
}
