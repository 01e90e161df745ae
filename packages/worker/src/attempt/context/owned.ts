import { MillraceError } from '@millrace/shared'
import type { Attempt } from '../attempt.ts'

/**
 * Runs what a handler asks of its context. Refused once the signal is aborted: a handler that runs on must not change a job
 * that may be somebody else's by now. And when Redis says that it is, the attempt learns it here.
 *
 * A handler may leave the promise alone; when it is refused then, that is no unhandled rejection.
 */
export function owned<Result>(attempt: Attempt, call: () => Promise<Result>): Promise<Result> {
  const result = ask(attempt, call)
  result.catch(() => {})
  return result
}

async function ask<Result>(attempt: Attempt, call: () => Promise<Result>): Promise<Result> {
  attempt.signal.throwIfAborted()
  attempt.beat()
  try {
    return await call()
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'MILLRACE_LOCK_LOST') attempt.abort(error)
    throw error
  }
}
