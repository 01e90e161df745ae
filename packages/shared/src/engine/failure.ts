import type { Job } from 'bullmq'
import type { Severity } from '../errors/catalogue.ts'
import { spanOf } from './span.ts'

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

const failures = new WeakMap<object, AttemptFailure & { readonly past: object }>()

/** Attempts of one job whose failures are kept with it: the last so many. bury.lua reads them. */
const MOST_PAST = 16
const MOST_MESSAGE = 500

/** By `<queue>:<job id>`, until BullMQ moves the job: some of its moves know no more than the id. */
const moving = new Map<string, object>()
/** One that is never moved, since its job was taken away, goes after so many others. */
const MOST_MOVING = 1_000

const nameOf = (queue: string, id: string) => `${queue}:${id}`

/** Remembers why an attempt failed, for the burial. Call it before the processor throws. */
export function noteFailure(job: Job, failure: AttemptFailure, message = ''): void {
  const { attemptsMade, attemptsStarted: fencingToken, processedOn: startedAt = 0 } = job
  const { code } = failure
  const cut = message.slice(0, MOST_MESSAGE)
  const past = { attempt: attemptsMade + 1, fencingToken, startedAt, failedAt: Date.now(), code, message: cut }
  failures.set(job, { ...failure, past })
  const name = nameOf(job.queueName, job.id as string)
  moving.delete(name)
  moving.set(name, job)
  if (moving.size > MOST_MOVING) for (const oldest of moving.keys()) return void moving.delete(oldest)
}

/** What {@link noteFailure} remembered as fields of the job's hash; nothing when the processor never ran. */
export function failureFields(
  job: { readonly id?: string | undefined; readonly queueName: string },
  worker: string,
): Readonly<Record<string, string>> {
  const failure = failures.get(job)
  const spanId = spanOf(job)?.spanId
  const span = spanId === undefined ? {} : { span: spanId }
  if (!failure) return span
  const { code, severity, category, fingerprint, context } = failure
  return {
    ...span,
    ...pastFields(job.queueName, job.id as string, worker),
    ...{ code, severity, category, fingerprint, ...(context && { context: JSON.stringify(context) }) },
  }
}

/**
 * The attempt that failed just now, as the field of the job's hash that keeps it; a later attempt takes its place. Gives
 * it once.
 *
 * @param worker its name: BullMQ's job does not always have it.
 */
export function pastFields(queue: string, id: string, worker: string): Readonly<Record<string, string>> {
  const job = moving.get(nameOf(queue, id)) as Job | undefined
  const failure = job && failures.get(job)
  moving.delete(nameOf(queue, id))
  if (!failure) return {}
  return { [`past/${job.attemptsStarted % MOST_PAST}`]: JSON.stringify({ ...failure.past, worker }) }
}

/** Whether an attempt of this job failed in this process; false for a job that was failed without being run. */
export const isNoted = (job: object): boolean => failures.has(job)
