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

/** Whether the lock may have run out by the clock: then only Redis knows. Costs nothing. */
export const mayBeLost = ({ lockedMonoMs }: Attempt, lockMs: number, now = () => performance.now()): boolean =>
  now() - lockedMonoMs > lockMs

/**
 * Asks Redis whether the lock is still ours, and renews it; aborts the attempt, and throws why, when it is not. For moments at which the
 * timer above may be late: in a process that was frozen, or whose event loop was blocked, what waited goes on first. And a
 * job that was asked for while Redis was silent is ours from when Redis heard of it: to leave it would be a stall.
 */
export async function confirmLock(attempt: Attempt, lockMs: number, now = () => performance.now()): Promise<void> {
  const { job, token } = attempt
  attempt.lockedMonoMs = now() // the timer must not decide before Redis does
  const ours = (await job.extendLock(token, lockMs)) === 1
  if (!ours && !attempt.aborted) attempt.abort(lockLost(job.data))
  attempt.throwIfAborted()
}

/**
 * Calls the handler if the lock is ours in this very moment: no handler begins for a job that somebody else may have by
 * now. Nothing lies between the look at the clock and the handler; a process can be frozen anywhere else.
 */
export function whileOurs<T>(attempt: Attempt, lockMs: number, handler: () => T | Promise<T>): T | Promise<T> {
  if (!mayBeLost(attempt, lockMs)) return handler()
  return confirmLock(attempt, lockMs).then(() => whileOurs(attempt, lockMs, handler))
}

const lockLost = ({ job }: JobData) =>
  new MillraceError('MILLRACE_LOCK_LOST', `The lock of job "${job}" was lost: another worker may have the job.`)
