import type { Job } from 'bullmq'

/** Under which code a job is buried, should this failure be its last. */
export interface AttemptFailure {
  readonly code: string
  /** Plain data for whoever looks at the dead letter. */
  readonly context?: Readonly<Record<string, unknown>>
}

const failures = new WeakMap<object, AttemptFailure>()

/** Remembers why an attempt failed, for the burial. Call it before the processor throws. */
export function noteFailure(job: Job, failure: AttemptFailure): void {
  failures.set(job, failure)
}

/** What {@link noteFailure} remembered as fields of the job's hash; nothing when the processor never ran. */
export function failureFields(job: object): { code?: string; context?: string } {
  const failure = failures.get(job)
  if (!failure) return {}
  return { code: failure.code, ...(failure.context && { context: JSON.stringify(failure.context) }) }
}
