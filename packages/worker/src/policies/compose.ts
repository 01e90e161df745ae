import { type IPolicy, wrap } from 'cockatiel'
import { letEnd, timedOut, timeoutPolicy } from './timeout.ts'

export interface Limits {
  readonly timeoutMs: number
  /** How long a handler may clean up after its signal was aborted. */
  readonly graceMs: number
}

/** What the policies need of an attempt: they hear it being aborted from outside, and abort it themselves. */
export interface Abortable {
  readonly signal: AbortSignal
  abort(reason: Error): void
}

/**
 * The policies of an attempt, outermost first. Each stands where it is because of what it must not count:
 *
 * 1. whatever ends the attempt from outside (cancelled, drained, lock lost): it aborts the signal and waits for nothing,
 * 2. the time limit, innermost, so that only the handler's own time counts.
 *
 * Retries are not among them: they happen in the broker, where a waiting retry holds no slot and survives the worker.
 */
const policies = ({ timeoutMs }: Limits): IPolicy => wrap(timeoutPolicy(timeoutMs))

/**
 * Runs a handler under its policies.
 *
 * @param ignored called when the handler has not ended `graceMs` after its signal was aborted. It is given up then.
 * @throws whatever the handler throws; or `signal.reason` once the signal is aborted, whatever the handler says: its
 *   result may be half of one.
 */
export async function runUnderPolicies<T>(
  attempt: Abortable,
  limits: Limits,
  handler: () => T | Promise<T>,
  ignored: (running: Promise<T>) => void,
): Promise<T> {
  attempt.signal.throwIfAborted()
  let running: Promise<T> | undefined
  const start = async () => handler()
  try {
    const value = await policies(limits).execute(({ signal }) => {
      // an abort from outside has reached the attempt already; any other one is the time limit's
      signal.addEventListener('abort', () => attempt.signal.aborted || attempt.abort(timedOut(limits.timeoutMs)), {
        once: true,
      })
      running = start()
      return running
    }, attempt.signal)
    attempt.signal.throwIfAborted()
    return value
  } catch (error) {
    if (!attempt.signal.aborted) throw error
    if (running && !(await letEnd(running, limits.graceMs))) ignored(running)
    throw attempt.signal.reason
  }
}
