import type { JobCounts, QueueView } from '../views/views.ts'
import type { Json } from '../workflow/json.ts'
import type { JobState, Level, WorkflowState } from '../workflow/states.ts'

/** Why something does not run, or that it does. The list is what programs may rely on; texts may change. */
export const REASON_CODES = [
  // what it waits for
  'workflow-loading',
  'needs-open',
  'need-dead',
  'spawned-open',
  'delayed',
  'retry',
  // what somebody ordered
  'workflow-paused',
  'task-paused',
  'queue-paused',
  // what would keep it out if it were taken now, or has done so
  'breaker-open',
  'bulkhead-full',
  'concurrency-full',
  'rate-reached',
  'tenant-full',
  'memory-reserved',
  'worker-unhealthy',
  'cache-awaited',
  'postponed',
  'coming-back',
  // who could run it
  'no-worker',
  'task-absent',
  'workers-full',
  'workers-short-of-memory',
  'behind-others',
  'next',
  // a queue, a schedule
  'queue-full',
  'queue-empty',
  'not-due',
  'last-run-skipped',
  'last-run-refused',
  // it runs, or has ended
  'active',
  'succeeded',
  'dead',
  'skipped',
  'cancelled',
] as const
export type ReasonCode = (typeof REASON_CODES)[number]

export interface Reason {
  readonly code: ReasonCode
  /** What it lies at, e.g. `task mail.send` or `resource stripe`; absent when it is the job itself. */
  readonly about?: string
  /** One sentence for people, true on its own. */
  readonly text: string
  /** When it ends by itself, ms since 1970, where that is known. */
  readonly until?: number
  /** What lifts it: a sentence or a command. */
  readonly help?: string
  readonly data?: Readonly<Record<string, Json>>
}

/** When a job is likely to begin. */
export interface StartEstimate {
  /** ms since 1970; `undefined` when it cannot be said. */
  readonly at: number | undefined
  /** How that was reckoned, or why it cannot be. */
  readonly how: string
}

/** Why a job does not run now, or how it ended. Times in ms since 1970. */
export interface JobReasons {
  readonly kind: 'job'
  readonly workflow: string
  readonly job: string
  readonly task: string
  readonly queue: string
  readonly level: Level
  readonly state: JobState
  /** When this was true. */
  readonly at: number
  /** All of them: each alone would keep it. Where it stands now first, then what it would meet. */
  readonly reasons: readonly Reason[]
  /** Absent when it runs or has ended. */
  readonly start?: StartEstimate
}

/** Jobs of a workflow that could be next, and what keeps them all. */
export interface FrontierGroup {
  readonly reason: Reason
  readonly jobs: number
  /** Some of them. */
  readonly names: readonly string[]
}

export interface WorkflowReasons {
  readonly kind: 'workflow'
  readonly workflow: string
  readonly name: string
  readonly state: WorkflowState
  readonly at: number
  readonly jobs: JobCounts
  /** What concerns all of it. */
  readonly reasons: readonly Reason[]
  /** Jobs with no open need that have not ended, by what keeps them; the largest group first. */
  readonly frontier: readonly FrontierGroup[]
  /** False when it has so many jobs that only the first 20,000 were looked at. */
  readonly complete: boolean
}

/** How much of a limit of the fleet is used. */
export interface LimitUse {
  /** `task call` or `tenant acme`. */
  readonly about: string
  /** Attempts that run, of how many; absent without such a limit. */
  readonly slots?: { readonly used: number; readonly most: number }
  /** Attempts that began within the last `perMs`, of how many; absent without such a limit. */
  readonly rate?: { readonly begun: number; readonly max: number; readonly perMs: number }
  /** Jobs that wait for it. */
  readonly parked: number
}

export interface QueueReasons extends Omit<QueueView, 'workers'> {
  readonly kind: 'queue'
  readonly at: number
  readonly reasons: readonly Reason[]
  /** Jobs that wait for a slot, by level; of a long queue from a sample. */
  readonly levels: Readonly<Record<Level, number>>
  /** Since when the job that has waited longest could have run. */
  readonly oldestSince: number | undefined
  /** Of the workers that take from it; a worker divides its slots among its queues. */
  readonly slots: { readonly limit: number; readonly active: number }
  readonly workers: readonly string[]
  /** Its jobs that were put aside, by what they wait for. */
  readonly parked: readonly { readonly lot: string; readonly jobs: number; readonly about: boolean }[]
  /** Of the tasks that workers run from it. */
  readonly limits: readonly LimitUse[]
}

export interface ScheduleReasons {
  readonly kind: 'schedule'
  readonly name: string
  readonly at: number
  readonly reasons: readonly Reason[]
}

export type Reasons = JobReasons | WorkflowReasons | QueueReasons | ScheduleReasons
