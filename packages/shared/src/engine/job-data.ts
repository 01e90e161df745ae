import type { Json } from '../workflow/json.ts'
import type { PlannedJob, RetryPlan } from '../workflow/plan.ts'
import type { Level } from '../workflow/states.ts'

/** What a job carries in BullMQ's `data`; its task is BullMQ's `name`. Absent fields have their defaults. */
export interface JobData {
  /** Id of the workflow. */
  readonly workflow: string
  readonly workflowName: string
  readonly job: string
  /** Of the workflow. */
  readonly tenant?: string
  /** The jobs whose outputs it may read, each with its queue. */
  readonly needs: Readonly<Record<string, string>>
  readonly with?: Json
  readonly foreach?: string | readonly Json[]
  readonly uses?: readonly string[]
  /** Default `normal`. What it fans out into has the same. */
  readonly priority?: Level
  readonly timeoutMs?: number
  readonly retry?: RetryPlan
  readonly estimateMs?: number
  /** Outputs of the needs, when they came with the job; never stored. */
  readonly outputs?: Readonly<Record<string, Json>>
  /** When the last need ended, ms since 1970; came with the job, never stored. */
  readonly releasedAt?: number
  /** Need → the span of the attempt that ended it; came with the job, never stored. Only of workflows that are traced. */
  readonly spans?: Readonly<Record<string, string>>
}

/** The id of a job: unique in the pool, and free of the colon that BullMQ forbids. */
export const jobId = (workflow: string, job: string): string => `${workflow}.${job}`

/** `<queue>:<job id>`: what follows the prefix in a job's key, and how scripts name a job. */
export const jobSuffix = (queue: string, workflow: string, job: string): string => `${queue}:${jobId(workflow, job)}`

export function jobData(
  workflow: { readonly id: string; readonly name: string; readonly tenant?: string | undefined },
  job: PlannedJob,
  queueOf: (need: string) => string,
): JobData {
  return {
    workflow: workflow.id,
    workflowName: workflow.name,
    job: job.name,
    ...(workflow.tenant !== undefined && { tenant: workflow.tenant }),
    needs: Object.fromEntries(job.needs.map((need) => [need, queueOf(need)])),
    ...(job.with !== undefined && { with: job.with }),
    ...(job.foreach !== undefined && { foreach: job.foreach }),
    ...(job.uses.length > 0 && { uses: job.uses }),
    ...(job.priority !== 'normal' && { priority: job.priority }),
    ...(job.timeoutMs !== undefined && { timeoutMs: job.timeoutMs }),
    ...(job.retry !== undefined && { retry: job.retry }),
    ...(job.estimateMs !== undefined && { estimateMs: job.estimateMs }),
  }
}
