import {
  classify,
  ERRORS,
  type ErrorCode,
  type Fingerprint,
  fingerprintOf,
  type Json,
  type Judgement,
  MillraceError,
  type Parking,
  type Rule,
  type Task,
} from '@millrace/shared'
import { Parked } from '../policies/parked.ts'

/**
 * What becomes of a job whose attempt failed. `handBack`: it goes back to its queue and spends no attempt. `park`: the
 * same, but it waits for what keeps it from running. `abandon`: it is no longer ours, so nothing is done with it.
 */
export type FailureVerdict = 'retry' | 'bury' | 'park' | 'handBack' | 'abandon'

export interface Failure extends Omit<Judgement, 'verdict'> {
  readonly verdict: FailureVerdict
  /** Of the verdict `park`. */
  readonly parking?: Parking
  /** Absent for what is no failure: the job may not run now, or its attempt was taken away from it. */
  readonly fingerprint?: Fingerprint
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

/** What is no fault of the job, nor anything that a rule may change. */
const NO_FAILURE: Partial<Record<ErrorCode, FailureVerdict>> = {
  MILLRACE_DRAINED: 'handBack',
  MILLRACE_LOCK_LOST: 'abandon',
  MILLRACE_CANCELLED: 'bury',
}

const NO_RULES: readonly Rule[] = []

/**
 * The one place that turns something thrown, by us or by a handler, into what becomes of the job.
 *
 * @param name of the job's task.
 * @param task absent when the worker does not have it, or when no handler has run.
 */
export function failureOf(
  thrown: unknown,
  name = '',
  task?: Pick<Task, 'errors' | 'retry'>,
  now: number = Date.now(),
): Failure {
  if (thrown instanceof Parked) return { ...ours(thrown), verdict: 'park', parking: thrown.parking }
  if (thrown instanceof MillraceError) {
    const verdict = NO_FAILURE[thrown.code]
    if (verdict) return { ...ours(thrown), verdict }
  }
  const judgement = classify(thrown, task?.errors ?? NO_RULES, now)
  const { code, message, stack, verdict, delayMs } = judgement
  const fingerprint = fingerprintOf(name, code, message, stack)
  if (verdict !== 'delay') return { ...judgement, verdict, fingerprint }
  const parking = { lot: `delay/${name}`, delayMs: delayMs ?? task?.retry.delayMs ?? 0, why: message }
  return { ...judgement, verdict: 'park', parking, fingerprint }
}

function ours({ code, message, stack = '' }: MillraceError) {
  const { severity, category } = ERRORS[code]
  return { code, message, stack, severity, category }
}
