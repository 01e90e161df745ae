import { type BulkheadPolicy, isBulkheadRejectedError } from 'cockatiel'
import { untilAborted } from './call.ts'
import { watchIdle } from './idle.ts'
import { letEnd, timedOut, timeoutPolicy } from './timeout.ts'

export interface Limits {
  readonly timeoutMs: number
  /** How long a handler may go without a sign of life; absent: for ever. */
  readonly idleMs?: number | undefined
  /** How long a handler may clean up after its signal was aborted. */
  readonly graceMs: number
}

/** What the policies need of an attempt: they hear it being aborted from outside, and abort it themselves. */
export interface Abortable {
  /** Asking for it may cost: what only wants to know asks `aborted`. */
  readonly signal: AbortSignal
  readonly aborted: boolean
  throwIfAborted(): void
  abort(reason: Error): void
  /** The handler's last sign of life, on the monotonic clock. */
  beatMonoMs: number
}

/** What stands around the handler of an attempt that uses resources, or whose task has policies of its own. */
export interface Surroundings {
  /** That of the task, then those of its resources. */
  readonly bulkheads: readonly BulkheadPolicy[]
  /** What to throw when one of them has no slot. */
  full(): Error | undefined
  /** Tells the breakers how the handler ended. Gives what to throw instead of its failure, when that costs no attempt. */
  ended(thrown: unknown, ok: boolean): undefined | Promise<Error | undefined>
}

/**
 * Runs a handler under its policies.
 *
 * @param ignored called when the handler has not ended `graceMs` after its signal was aborted. It is given up then.
 * @throws whatever the handler throws; or `signal.reason` once the signal is aborted, whatever the handler says: its
 *   result may be half of one; or Parked when a bulkhead is full.
 */
export function runUnderPolicies<T>(
  attempt: Abortable,
  limits: Limits,
  handler: () => T | Promise<T>,
  ignored: (running: Promise<T>) => void,
  around?: Surroundings,
): Promise<T> {
  const running = run(attempt, limits, handler, ignored, around)
  return around ? heard(running, around) : running
}

async function heard<T>(running: Promise<T>, around: Surroundings): Promise<T> {
  let value: T
  try {
    value = await running
  } catch (error) {
    throw (await around.ended(error, false)) ?? error
  }
  const telling = around.ended(undefined, true)
  if (telling) await telling
  return value
}

/**
 * The policies of an attempt, outermost first. Each stands where it is because of what it must not count:
 *
 * 1. whatever ends the attempt from outside (cancelled, drained, lock lost): it aborts the signal and waits for nothing, not
 *    even for a slot,
 * 2. the breakers: an attempt that waits for an open one needs no slot, and one that is turned away by a full bulkhead has
 *    not failed. They let it in at the gate, before anything is done for the job, and hear in the end how it went,
 * 3. the bulkhead of the task, before those of its resources: an attempt that waits for its own kind must not keep a slot of
 *    `stripe` from others,
 * 4. the bulkheads of its resources,
 * 5. the time limit, innermost, so that only the handler's own time counts and not its wait for a slot; the idle
 *    limit of a task that has one stands beside it.
 *
 * Retries are not among them: they happen in the broker, where a waiting retry holds no slot and survives the worker. Nor is
 * there anything that costs time where nothing is used: then the time limit stands alone.
 */
async function run<T>(
  attempt: Abortable,
  limits: Limits,
  handler: () => T | Promise<T>,
  ignored: (running: Promise<T>) => void,
  around: Surroundings | undefined,
): Promise<T> {
  attempt.throwIfAborted()
  let called = false
  let running: Promise<T> | undefined
  let watch: { stop(): void } | undefined

  async function limited(): Promise<T> {
    called = true
    const begun = handler()
    if (!isThenable(begun)) return begun
    const handled = Promise.resolve(begun)
    running = handled
    if (await endsAtOnce(handled)) return handled
    return await timeoutPolicy(limits.timeoutMs).execute(({ signal }) => {
      // an abort from outside has reached the attempt already; any other one is the time limit's
      signal.addEventListener('abort', () => attempt.aborted || attempt.abort(timedOut(limits.timeoutMs)), {
        once: true,
      })
      if (limits.idleMs !== undefined) watch = watchIdle(attempt, limits.idleMs)
      return handled
    }, attempt.signal)
  }

  try {
    const value = await (around ? inSlots(around.bulkheads, limited, attempt) : limited())
    attempt.throwIfAborted()
    return value
  } catch (error) {
    if (around && !called && isBulkheadRejectedError(error)) throw around.full()
    if (!attempt.aborted) throw error
    if (running && !(await letEnd(running, limits.graceMs))) ignored(running)
    throw attempt.signal.reason
  } finally {
    watch?.stop()
  }
}

/** Runs something in a slot of each bulkhead, the first one outermost. Only one that must wait for a slot hears the signal there. */
function inSlots<T>(bulkheads: readonly BulkheadPolicy[], run: () => Promise<T>, attempt: Abortable): Promise<T> {
  if (bulkheads.every(({ executionSlots }) => executionSlots > 0)) return within(bulkheads, run)
  return untilAborted(within(bulkheads, run, attempt.signal), attempt.signal)
}

const within = <T>(bulkheads: readonly BulkheadPolicy[], run: () => Promise<T>, signal?: AbortSignal): Promise<T> =>
  bulkheads.reduceRight<() => Promise<T>>((inner, policy) => () => policy.execute(inner, signal), run)()

const isThenable = (value: unknown): boolean => typeof value === 'object' && value !== null && 'then' in value

/** Turns of the microtask queue within which a handler that waits for nothing has ended. */
const TURNS = 4

/**
 * Whether a handler ends before anything else can happen in the process: then there is nothing to limit. A time limit with
 * its timer and its signal costs ten microseconds, as much as many a small handler.
 */
async function endsAtOnce(running: Promise<unknown>): Promise<boolean> {
  let ended = false
  const end = () => {
    ended = true
  }
  running.then(end, end)
  for (let turn = 0; turn < TURNS && !ended; turn++) await undefined
  return ended
}
