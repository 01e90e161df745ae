import type { Attempt } from './attempt.ts'
import type { Failure, FailureVerdict, Outcome } from './outcome.ts'
import type { Room } from './room.ts'
import type { Tally } from './tally.ts'

/** Counts the outcome, keeps its run time, and writes its log line. */
export function record(attempt: Attempt, outcome: Outcome, { tally, measured, log }: Room): void {
  const { ms } = outcome
  const { name, data } = attempt.job
  if (outcome.kind === 'failed') {
    if (outcome.failure.code === 'MILLRACE_TASK_TIMEOUT') measured.addTimeout(name)
    recordFailure(attempt, outcome.failure, ms, tally)
    return
  }
  tally[outcome.kind]++
  const ran = data.foreach === undefined && !(outcome.kind === 'succeeded' && outcome.cached)
  if (ran) measured.add(name, ms) // fanning out, and using an earlier output, run no handler
  if (log.isLevelEnabled('debug'))
    attempt.log.debug({ ms }, outcome.kind === 'suspended' ? 'the job waits for what it spawned' : 'the job succeeded')
}

const LINES = {
  retry: { level: 'warn', count: 'retried', text: 'the attempt failed; the job will be tried again' },
  bury: { level: 'error', count: 'buried', text: 'the job failed for good' },
  park: { level: 'info', count: 'parked', text: 'the job may not run now; it is put aside and spends no attempt' },
  handBack: { level: 'info', count: 'handedBack', text: 'the worker drains; the job goes back to its queue' },
  abandon: { level: 'error', count: 'lost', text: 'the lock was lost; the job is left to whoever has it now' },
} as const satisfies Record<FailureVerdict, { level: 'info' | 'warn' | 'error'; count: keyof Tally; text: string }>

function recordFailure({ job, number, log }: Attempt, failure: Failure, ms: number, tally: Tally): void {
  const attempts = job.opts.attempts ?? 1
  const last = failure.verdict === 'retry' && number >= attempts
  const { level, count, text } = LINES[last ? 'bury' : failure.verdict]
  tally[count]++
  const own = failure.code.startsWith('MILLRACE_') && failure.code !== 'MILLRACE_TASK_FAILED'
  log[level]({ code: failure.code, error: failure.message, ms, attempts, ...(!own && { stack: failure.stack }) }, text)
}
