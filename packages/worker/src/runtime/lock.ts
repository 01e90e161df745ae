import { type JobData, MillraceError } from '@millrace/shared'
import type { Worker } from 'bullmq'
import type { Attempt, Running } from './attempt.ts'

/**
 * Aborts attempts whose lock is lost: because Redis says so, or because no renewal got through for as long as a lock
 * lasts. The second needs no answer from Redis, so a worker that is cut off stops what somebody else may begin.
 *
 * BullMQ renews a lock after half of its time at the latest.
 */
export function watchLocks(
  workers: readonly Pick<Worker, 'on'>[],
  running: Running,
  lockMs: number,
  now = () => performance.now(),
): { stop(): void } {
  for (const worker of workers) {
    worker.on('locksRenewed', ({ jobIds }) => running.renewed(jobIds))
    worker.on('lockRenewalFailed', (jobIds) => {
      const ids = new Set(jobIds)
      running.abort(({ job }) => ids.has(job.id as string), lockLost)
    })
  }
  const expired = ({ lockedMonoMs }: Attempt) => now() - lockedMonoMs > lockMs
  const timer = setInterval(() => running.abort(expired, lockLost), lockMs / 4)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

/**
 * Aborts an attempt whose lock has expired by the clock. For moments at which the timer above may be late: in a process
 * that was frozen, or whose event loop was blocked, what waited goes on first.
 */
export function abortIfExpired(attempt: Attempt, lockMs: number, now = () => performance.now()): void {
  if (!attempt.signal.aborted && now() - attempt.lockedMonoMs > lockMs) attempt.abort(lockLost(attempt.job.data))
}

const lockLost = ({ job }: JobData) =>
  new MillraceError('MILLRACE_LOCK_LOST', `The lock of job "${job}" was lost: another worker may have the job.`)
