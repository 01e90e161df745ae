import { type JobData, type Logger, MillraceError } from '@millrace/shared'
import type { Worker } from 'bullmq'
import type { Running } from '../attempt/attempt.ts'
import { within } from '../attempt/within.ts'

export interface DrainOptions {
  readonly workers: readonly Pick<Worker, 'pause' | 'close'>[]
  readonly running: Running
  readonly log: Pick<Logger, 'info' | 'warn'>
  /** How long handlers may go on. */
  readonly drainMs: number
  /** How long they may clean up after that. */
  readonly graceMs: number
  /** Ends the wait before its time. */
  readonly hurry: AbortSignal
}

/** How long Redis may take to note what was handed back. */
const SETTLE_MS = 2_000

/**
 * Ends a worker without losing time or attempts: it takes nothing more, waits for its handlers, aborts those that are
 * not done at the deadline, and hands their jobs back to the queue at once. A job handed back has spent no attempt, and
 * the next worker need not wait until its lock has expired.
 */
export async function drain({ workers, running, log, drainMs, graceMs, hurry }: DrainOptions): Promise<void> {
  running.refuse(() => true, drained) // what had been fetched in this very moment
  const idle = Promise.all(workers.map((worker) => worker.pause()))
  if (running.size > 0) log.info({ running: running.size, drainMs }, 'draining: waiting for what runs')

  if (!(await within(idle, drainMs, hurry))) {
    if (running.size > 0) {
      log.warn({ running: running.size }, 'draining: time is up, the rest is aborted and handed back')
      running.abort(() => true, drained)
    }
    await within(idle, graceMs + SETTLE_MS) // a worker closed before it is idle connects again
  }
  await Promise.all(workers.map((worker) => worker.close(true)))
}

const drained = ({ job }: JobData) =>
  new MillraceError(
    'MILLRACE_DRAINED',
    `The worker shuts down before job "${job}" was done; it goes back to its queue.`,
  )
