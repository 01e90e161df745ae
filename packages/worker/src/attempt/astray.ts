import { AsyncLocalStorage } from 'node:async_hooks'
import { MillraceError } from '@millrace/shared'
import type { Attempt } from './attempt.ts'

const current = new AsyncLocalStorage<Attempt>()

/** Runs a handler so that all it starts, timers and callbacks included, is known to be its own. */
export const asHandlerOf = <T>(attempt: Attempt, handler: () => T): T => current.run(attempt, handler)

/**
 * What nobody caught, and whose handler it was: one that threw in a timer or a callback, or left a promise alone that was
 * rejected. Fails that attempt. Call it where the process hears of the error: it knows the handler by the context it runs in.
 *
 * @returns false when it came from no handler.
 */
export function blameAstray(thrown: unknown): boolean {
  const attempt = current.getStore()
  if (!attempt) return false
  const { message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown))
  const error = failed(attempt, 'MILLRACE_TASK_ASTRAY', `The handler threw where nobody could catch it: ${message}`)
  if (stack) error.stack = stack
  return true
}

/**
 * Fails the attempt whose handler wants to end the whole process.
 *
 * @returns what to throw instead; nothing when it is no handler.
 */
export function blameExit(code: unknown): Error | undefined {
  const attempt = current.getStore()
  return attempt && failed(attempt, 'MILLRACE_TASK_EXITED', `The handler called process.exit(${code ?? ''}).`)
}

function failed(attempt: Attempt, code: 'MILLRACE_TASK_ASTRAY' | 'MILLRACE_TASK_EXITED', message: string): Error {
  const error = new MillraceError(code, message)
  attempt.log.error({ code, error: message }, 'a handler would have ended the worker; only its attempt fails')
  if (!attempt.aborted) attempt.abort(error)
  return error
}
