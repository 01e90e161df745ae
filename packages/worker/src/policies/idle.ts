import { MillraceError } from '@millrace/shared'
import type { Abortable } from './compose.ts'

/**
 * Ends an attempt that gives no sign of life for so long. A sign costs one assignment: the timer looks when the first
 * interval is over, and again when the interval after the last sign would be.
 */
export function watchIdle(attempt: Abortable, idleMs: number, now = () => performance.now()): { stop(): void } {
  attempt.beatMonoMs = now()
  let timer: NodeJS.Timeout
  function lookIn(ms: number): void {
    timer = setTimeout(() => {
      const leftMs = attempt.beatMonoMs + idleMs - now()
      if (leftMs > 0) lookIn(leftMs)
      else if (!attempt.aborted) attempt.abort(wentIdle(idleMs))
    }, Math.ceil(ms))
    timer.unref()
  }
  lookIn(idleMs)
  return { stop: () => clearTimeout(timer) }
}

const wentIdle = (idleMs: number) =>
  new MillraceError('MILLRACE_TASK_IDLE', `The handler gave no sign of life within its idle limit of ${idleMs} ms.`)
