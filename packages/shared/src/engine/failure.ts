import type { Job } from 'bullmq'
import type { Severity } from '../errors/catalogue.ts'

/** Under which code a job is buried, should this failure be its last. */
export interface AttemptFailure {
  readonly code: string
  readonly severity: Severity
  readonly category: string
  /** What makes it the same failure as others. */
  readonly fingerprint: string
  /** Plain data for whoever looks at the dead letter. */
  readonly context?: Readonly<Record<string, unknown>>
}

const failures = new WeakMap<object, AttemptFailure>()

/** Remembers why an attempt failed, for the burial. Call it before the processor throws. */
export function noteFailure(job: Job, failure: AttemptFailure): void {
  failures.set(job, failure)
}

/** What {@link noteFailure} remembered as fields of the job's hash; nothing when the processor never ran. */
export function failureFields(job: object): Readonly<Record<string, string>> {
  const failure = failures.get(job)
  if (!failure) return {}
  const { code, severity, category, fingerprint, context } = failure
  return { code, severity, category, fingerprint, ...(context && { context: JSON.stringify(context) }) }
}

/** Whether an attempt of this job failed in this process; false for a job that was failed without being run. */
export const isNoted = (job: object): boolean => failures.has(job)
