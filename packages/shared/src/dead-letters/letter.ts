import type { JobData } from '../engine/job-data.ts'
import type { Severity } from '../errors/catalogue.ts'
import type { DeadLetter, PastAttempt } from '../views/views.ts'
import type { Json } from '../workflow/json.ts'

/** A dead letter as bury.lua writes it. */
export interface StoredLetter {
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
  /** Without tokens in letters of an earlier version, which numbered attempts by them. */
  readonly history?: readonly (Omit<PastAttempt, 'fencingToken'> & { readonly fencingToken?: number })[]
  readonly data: Partial<JobData> | null
}

export function readLetter(id: string, place: number, text: string): DeadLetter {
  const stored = JSON.parse(text) as StoredLetter
  const { workflow, workflowName = '', job = stored.jobId, tenant, with: input } = stored.data ?? {}
  return {
    id,
    place,
    queue: stored.queue,
    task: stored.task,
    workflow: workflow === undefined ? undefined : { id: workflow, name: workflowName },
    tenant,
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
    history: (stored.history ?? [])
      .map((past) => ({ ...past, fencingToken: past.fencingToken ?? past.attempt }))
      .sort((a, b) => a.fencingToken - b.fencingToken),
    worker: stored.worker ?? undefined,
    submittedAt: stored.submittedAt,
    startedAt: stored.startedAt ?? undefined,
    failedAt: stored.failedAt,
  }
}
