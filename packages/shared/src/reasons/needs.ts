import type { JobState } from '../workflow/states.ts'
import type { JobFacts } from './facts.ts'
import type { Reason } from './reason.ts'
import { counted, listText } from './words.ts'

/** Those that decide when it goes on, first. */
const URGENCY: readonly JobState[] = [
  'dead',
  'cancelled',
  'active',
  'delayed',
  'queued',
  'waiting',
  'skipped',
  'succeeded',
]

/** What a job waits for that has not ended: jobs it needs, or jobs it spawned. */
export function needsReasons(job: JobFacts, holds: boolean): Reason[] {
  const { open, named } = job.needs
  const sorted = named.toSorted((a, b) => URGENCY.indexOf(a.state) - URGENCY.indexOf(b.state))
  const texts = sorted.map(({ job, state }) => `${job} (${state})`)
  const dead = sorted.filter(({ state }) => state === 'dead')
  const data = { open, needs: sorted.map(({ job, state }) => ({ job, state })) }
  const reasons: Reason[] = []
  if (holds && dead.length > 0) {
    const names = dead.map(({ job }) => job)
    reasons.push({
      code: 'need-dead',
      about: `job ${names[0]}`,
      text: `${listText(names)} ${names.length === 1 ? 'is' : 'are'} dead, and the workflow holds what needs ${names.length === 1 ? 'it' : 'them'} until a replay succeeds.`,
      help: `millrace dlq replay --workflow ${job.workflow}`,
      data: { dead: names },
    })
  }
  if (open > dead.length || reasons.length === 0) {
    const waits = job.suspended ? 'It has run and waits for' : 'It waits for'
    const whose = job.suspended ? counted(open, 'job that it spawned', 'jobs that it spawned') : counted(open, 'need')
    reasons.push({
      code: job.suspended ? 'spawned-open' : 'needs-open',
      text:
        open === 0
          ? `${waits} nothing more: it is released in a moment.`
          : `${waits} ${whose}: ${listText(texts, open)}.`,
      data,
    })
  }
  return reasons
}
