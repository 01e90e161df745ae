import { ERRORS, type ErrorCode, type Json, MillraceError, type Parking } from '@millrace/shared'
import { Parked } from '../policies/parked.ts'

/**
 * What becomes of a job whose attempt failed. `handBack`: it goes back to its queue and spends no attempt. `park`: the
 * same, but it waits for what keeps it from running. `abandon`: it is no longer ours, so nothing is done with it.
 */
export type FailureVerdict = 'retry' | 'bury' | 'park' | 'handBack' | 'abandon'

export interface Failure {
  readonly code: string
  readonly message: string
  readonly stack: string
  readonly context?: Readonly<Record<string, unknown>>
  readonly verdict: FailureVerdict
  /** Of the verdict `park`. */
  readonly parking?: Parking
}

/** How an attempt ended. `suspended`: the job spawned others and waits for them before it ends with its output. */
export type Outcome =
  | {
      readonly kind: 'succeeded'
      readonly output: Json
      readonly ms: number
      /** The output is an earlier job's: the time says nothing about the task. */
      readonly cached?: boolean
    }
  | { readonly kind: 'suspended'; readonly output: Json; readonly ms: number }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly ms: number }

/** Failures that belong to the attempt and not to the job: their catalogue verdict is for the job as a whole. */
const NOT_THE_JOBS_FAULT: Partial<Record<ErrorCode, FailureVerdict>> = {
  MILLRACE_DRAINED: 'handBack',
  MILLRACE_LOCK_LOST: 'abandon',
}

/** The one place that turns something thrown, by us or by a handler, into a decision. */
export function classify(thrown: unknown): Failure {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const { message, stack = '' } = error
  if (error instanceof Parked) return { code: error.code, message, stack, verdict: 'park', parking: error.parking }
  if (error instanceof MillraceError) return { code: error.code, message, stack, verdict: verdictOf(error.code) }
  // by name, not by class: a task folder may have its own copy of the package that the error comes from
  if (error.name === 'UnrecoverableError') return { code: 'MILLRACE_UNRECOVERABLE', message, stack, verdict: 'bury' }
  if (error.name === 'TaskError' && 'code' in error) {
    const { code, retryable, context } = error as { code?: unknown; retryable?: unknown; context?: unknown }
    return {
      code: isOwnCode(code) ? code : 'MILLRACE_TASK_FAILED',
      message,
      stack,
      ...(isContext(context) && { context }),
      verdict: retryable === false ? 'bury' : 'retry',
    }
  }
  return { code: 'MILLRACE_TASK_FAILED', message, stack, verdict: 'retry' }
}

function verdictOf(code: ErrorCode): FailureVerdict {
  const { verdict } = ERRORS[code]
  return NOT_THE_JOBS_FAULT[code] ?? (verdict === 'bury' || verdict === 'reject' ? 'bury' : 'retry')
}

/** A code of the handler's own; those of the catalogue are not for it to give. */
const isOwnCode = (code: unknown): code is string =>
  typeof code === 'string' && code !== '' && !code.startsWith('MILLRACE_')

const isContext = (context: unknown): context is Record<string, unknown> =>
  typeof context === 'object' && context !== null && Object.keys(context).length > 0
