import { setTimeout as sleep } from 'node:timers/promises'
import { MillraceError } from '@millrace/shared'
import { type IPolicy, TimeoutStrategy, timeout } from 'cockatiel'

/** Timers count in 31 bits: one that is longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** A policy keeps nothing of the calls it stands around, so attempts of the same limit share one. */
const policies = new Map<number, IPolicy>()
/** Limits are few: those of tasks, and those that jobs have of their own. */
const MOST_POLICIES = 1_000

/** Stops waiting for the handler after so long, or when the signal it is given is aborted: aggressive, in cockatiel's word. */
export function timeoutPolicy(limitMs: number): IPolicy {
  const known = policies.get(limitMs)
  if (known) return known
  const options = { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false }
  const policy = timeout(Math.min(limitMs, LONGEST_TIMER_MS), options)
  if (policies.size >= MOST_POLICIES) policies.clear()
  policies.set(limitMs, policy)
  return policy
}

export const timedOut = (limitMs: number) =>
  new MillraceError('MILLRACE_TASK_TIMEOUT', `The attempt did not end within its limit of ${limitMs} ms.`)

/**
 * Gives a handler whose signal was aborted some time to clean up, so that the next attempt does not meet this one.
 *
 * @returns whether it ended; one that did not ignores its signal and runs on, unwatched. However it ends, nobody asks.
 */
export async function letEnd(handler: Promise<unknown>, graceMs: number): Promise<boolean> {
  const ended = handler.then(
    () => true,
    () => true,
  )
  const enough = new AbortController()
  const grace = sleep(graceMs, false, { signal: enough.signal }).catch(() => false)
  const result = await Promise.race([ended, grace])
  enough.abort()
  return result
}
