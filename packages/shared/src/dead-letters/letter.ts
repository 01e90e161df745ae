import type { JobData } from '../engine/job-data.ts'
import type { Severity } from '../errors/catalogue.ts'
import type { DeadLetter, DeadLetterFilter } from '../views/views.ts'
import type { Json } from '../workflow/json.ts'

/** A dead letter as bury.lua writes it. */
interface StoredLetter {
  readonly queue: string
  readonly jobId: string
  readonly task: string
  readonly code: string
  readonly message: string
  readonly severity: Severity
  readonly category: string
  readonly fingerprint: string
  readonly attempts: number
  readonly worker: string | null
  readonly submittedAt: number
  readonly startedAt: number | null
  readonly failedAt: number
  readonly context: Readonly<Record<string, Json>> | null
  readonly stack: readonly string[]
  readonly data: Partial<JobData> | null
}

export function readLetter(id: string, text: string): DeadLetter {
  const stored = JSON.parse(text) as StoredLetter
  const { workflow, workflowName = '', job = stored.jobId, with: input } = stored.data ?? {}
  return {
    id,
    queue: stored.queue,
    task: stored.task,
    workflow: workflow === undefined ? undefined : { id: workflow, name: workflowName },
    job,
    input,
    code: stored.code,
    message: stored.message,
    severity: stored.severity,
    category: stored.category,
    fingerprint: stored.fingerprint,
    context: stored.context ?? undefined,
    stack: stored.stack.at(-1) ?? '',
    attempts: stored.attempts,
    worker: stored.worker ?? undefined,
    submittedAt: stored.submittedAt,
    startedAt: stored.startedAt ?? undefined,
    failedAt: stored.failedAt,
  }
}

/** Whether a letter passes every condition of a filter; `now` in milliseconds. */
export function matches(letter: DeadLetter, filter: DeadLetterFilter, now: number): boolean {
  const age = now - letter.failedAt
  return (
    (filter.task === undefined || letter.task === filter.task) &&
    (filter.queue === undefined || letter.queue === filter.queue) &&
    (filter.workflow === undefined ||
      letter.workflow?.id === filter.workflow ||
      letter.workflow?.name === filter.workflow) &&
    (filter.code === undefined || letter.code === filter.code) &&
    (filter.olderThanMs === undefined || age > filter.olderThanMs) &&
    (filter.newerThanMs === undefined || age <= filter.newerThanMs)
  )
}
