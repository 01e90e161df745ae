import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Waits for something, but not for ever.
 *
 * @param hurry ends the wait before its time.
 * @returns true when it was done in time; false when it was not, or failed.
 */
export async function within(done: Promise<unknown>, ms: number, hurry?: AbortSignal): Promise<boolean> {
  const over = new AbortController()
  const signal = hurry ? AbortSignal.any([hurry, over.signal]) : over.signal
  const timeUp = sleep(ms, false, { signal }).catch(() => false)
  const ended = done.then(
    () => true,
    () => false,
  )
  const result = await Promise.race([ended, timeUp])
  over.abort()
  return result
}
