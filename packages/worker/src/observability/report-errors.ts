import type { Logger } from '@millrace/shared'

/** While Redis is away BullMQ reports every try to reach it, twice a second and per queue. */
const REPEAT_AFTER_MS = 10_000

/** A listener for BullMQ's errors that logs each message when it is new, and then every 10 s as long as it comes. */
export function reportErrors(log: Pick<Logger, 'error'>, now: () => number = () => performance.now()) {
  const loggedMonoMs = new Map<string, number>()
  return (error: Error & { code?: string }): void => {
    const last = loggedMonoMs.get(error.message)
    if (last !== undefined && now() - last < REPEAT_AFTER_MS) return
    if (loggedMonoMs.size > 100) loggedMonoMs.clear()
    loggedMonoMs.set(error.message, now())
    // a broken connection has a code, and a stack that says nothing
    if (error.code) log.error({ code: error.code, error: error.message }, 'Redis cannot be reached; trying again')
    else log.error({ err: error }, 'BullMQ reports an error')
  }
}
