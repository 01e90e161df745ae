import type { Tally } from '../observability/tally.ts'
import type { Attempt } from './attempt.ts'
import type { FailureVerdict, Outcome } from './outcome.ts'
import type { Room } from './room.ts'

/** Counts the outcome and writes its log line. */
export function record(attempt: Attempt, outcome: Outcome, room: Room): void {
  const { tally, measured, log } = room
  const { ms } = outcome
  const { name, data } = attempt.job
  if (outcome.kind === 'failed') {
    // a job with a limit of its own says nothing about the task's
    if (outcome.failure.code === 'MILLRACE_TASK_TIMEOUT' && data.timeoutMs === undefined) measured.addTimeout(name)
    recordFailure(attempt, outcome, room)
    return
  }
  tally[outcome.kind]++
  room.attempts.ended(attempt, outcome, undefined)
  attempt.trace?.end(outcome.kind)
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

function recordFailure(attempt: Attempt, outcome: Extract<Outcome, { kind: 'failed' }>, room: Room): void {
  const { job, number, log } = attempt
  const { failure, ms } = outcome
  const attempts = job.opts.attempts ?? 1
  const last = failure.verdict === 'retry' && number >= attempts
  const verdict = last ? 'bury' : failure.verdict
  const { level, count, text } = LINES[verdict]
  const { code, message, severity, category, fingerprint, stack } = failure
  room.tally[count]++
  room.attempts.ended(attempt, outcome, verdict)
  attempt.trace?.end(count, verdict === 'bury' || verdict === 'retry' ? failure : undefined)
  if (fingerprint) {
    room.failures.add({
      ...{ fingerprint, message, severity, category },
      workflow: job.data.workflow,
      dead: verdict === 'bury',
    })
  }
  const known = code.startsWith('MILLRACE_') && code !== 'MILLRACE_TASK_FAILED'
  const facts = { code, error: message, severity, fingerprint: fingerprint?.id, ms, attempts }
  log[level](known ? facts : { ...facts, stack }, text)
}
