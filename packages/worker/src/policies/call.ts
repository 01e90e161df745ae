import { MillraceError } from '@millrace/shared'
import {
  retry as cockatielRetry,
  ExponentialBackoff,
  handleWhen,
  type IPolicy,
  isBulkheadRejectedError,
  wrap,
} from 'cockatiel'
import type { Entrant } from './admissions.ts'
import { blame } from './blame.ts'
import type { Bulkhead } from './bulkhead.ts'
import type { Guard } from './guard.ts'
import { freeStarts, hasWaited } from './starts.ts'
import { timeoutPolicy } from './timeout.ts'

/**
 * Makes one call to a resource, outermost first: its bulkhead, so that all tries of a call hold one slot; its tries; and its
 * time limit, innermost, so that each try has all of it.
 *
 * @param bulkhead absent when the attempt as a whole holds a slot.
 * @throws whatever the call throws; MILLRACE_RESOURCE_TIMEOUT; the reason of the attempt's signal once that is aborted; or
 *   Parked when the bulkhead is full.
 */
export async function callUnder<T>(
  { name, timeoutMs, retry }: Guard,
  entrant: Entrant,
  bulkhead: Bulkhead | undefined,
  call: (how: { signal: AbortSignal }) => T | Promise<T>,
): Promise<T> {
  const { attempts, delayMs, maxDelayMs } = retry
  const { signal: attempt } = entrant
  const tries = cockatielRetry(
    handleWhen((error) => blame(error) === 'failed'),
    {
      maxAttempts: attempts - 1,
      backoff: new ExponentialBackoff({ initialDelay: delayMs, maxDelay: Math.max(delayMs, maxDelayMs) }),
    },
  )
  const policies: readonly IPolicy[] = [...(bulkhead ? [bulkhead.policy] : []), ...(attempts > 1 ? [tries] : [])]
  const limit = timeoutPolicy(timeoutMs)

  async function once(): Promise<T> {
    attempt.throwIfAborted()
    let expired = false
    try {
      return await limit.execute(async ({ signal }) => {
        signal.addEventListener('abort', () => {
          expired = true
        })
        return call({ signal })
      }, attempt)
    } catch (error) {
      attempt.throwIfAborted()
      throw expired ? timedOut(name, timeoutMs) : error
    }
  }

  const full = () => (bulkhead as Bulkhead).parked(freeStarts(entrant))
  if (bulkhead?.isFull) throw full()
  let begun = false
  const start = () => {
    begun = true
    bulkhead?.enter()
    return once()
  }
  try {
    return await (policies.length === 0 ? start() : untilAborted(wrap(...policies).execute(start, attempt), attempt))
  } catch (error) {
    attempt.throwIfAborted()
    if (bulkhead && !begun && isBulkheadRejectedError(error)) throw full()
    throw error
  } finally {
    if (begun) bulkhead?.leave(hasWaited(entrant))
  }
}

/** Cockatiel's bulkhead and retry notice that a call was aborted only when a slot or the next try comes. */
export async function untilAborted<T>(running: Promise<T>, signal: AbortSignal): Promise<T> {
  let heard = () => {}
  const aborted = new Promise<never>((_, reject) => {
    heard = () => reject(signal.reason)
    if (signal.aborted) heard()
    else signal.addEventListener('abort', heard, { once: true })
  })
  return Promise.race([running, aborted]).finally(() => signal.removeEventListener('abort', heard))
}

const timedOut = (name: string, limitMs: number) =>
  new MillraceError('MILLRACE_RESOURCE_TIMEOUT', `"${name}" did not answer within its limit of ${limitMs} ms.`)
