import { ERRORS, type ErrorCode, statusOf } from '@millrace/shared'

/** What the end of an attempt says about the resource it used. */
export type Says =
  /** It did its part, even if it said no. */
  | 'answered'
  /** It did not answer, too late, or with a failure of its own. */
  | 'failed'
  /** Nothing: the attempt ended for a reason that has nothing to do with it. */
  | 'nothing'

/** Ours that do say something; all others are about the pool, the job or its input. */
const OF_OURS: Partial<Record<ErrorCode, Says>> = {
  MILLRACE_TASK_TIMEOUT: 'failed',
  MILLRACE_TASK_IDLE: 'failed',
  MILLRACE_RESOURCE_TIMEOUT: 'failed',
  MILLRACE_TASK_FAILED: 'failed',
}

/** Of 400 to 499, those with which a service says that it cannot cope: timeout, too early, too many requests. */
const CANNOT_COPE = [408, 425, 429]

/** The one place that decides whether something thrown counts against the resource. */
export function blame(thrown: unknown): Says {
  const { name, code, retryable } = Object(thrown) as { name?: unknown; code?: unknown; retryable?: unknown }
  if (typeof code === 'string' && code in ERRORS) return OF_OURS[code as ErrorCode] ?? 'nothing'
  // by name, not by class: a task folder may have its own copy of the package that the error comes from
  if (name === 'UnrecoverableError' || (name === 'TaskError' && retryable === false)) return 'answered'
  const status = statusOf(thrown)
  const answered = status !== undefined && status >= 400 && status < 500 && !CANNOT_COPE.includes(status)
  return answered ? 'answered' : 'failed'
}
