import type { WorkerView } from '../pool/heartbeat.ts'
import type { BreakerState } from '../resources/breakers.ts'
import type { JobState, Level, WorkflowState } from '../workflow/states.ts'

/** A job as Redis has it. Times in ms since 1970. */
export interface JobFacts {
  readonly workflow: string
  readonly job: string
  readonly task: string
  readonly queue: string
  readonly level: Level
  readonly tenant: string | undefined
  /** Resources that the job itself names; those of its task come with the task. */
  readonly uses: readonly string[]
  readonly fansOut: boolean
  readonly state: JobState
  /** Attempts that were spent. */
  readonly failed: number
  /** Attempts that were begun, the running one included. */
  readonly attempts: number
  readonly timeoutMs: number | undefined
  readonly startedAt: number | undefined
  readonly finishedAt: number | undefined
  readonly worker: string | undefined
  readonly delayedUntil: number | undefined
  /** Where it was put aside and stands now. */
  readonly parked:
    | { readonly lot: string; readonly why: string; readonly rank: number; readonly jobs: number }
    | undefined
  readonly error: { readonly code: string; readonly message: string } | undefined
  readonly skip: string | undefined
  /** Its handler has returned, and it waits for the jobs that it spawned. */
  readonly suspended: boolean
  readonly needs: {
    readonly open: number
    /** Some of them. */
    readonly named: readonly { readonly job: string; readonly state: JobState }[]
  }
  readonly line: LineFacts | undefined
}

/** What stands before a queued job in its queue. */
export interface LineFacts {
  readonly ahead: number
  /** By level; of a long queue from a sample. */
  readonly levels: Readonly<Record<Level, number>>
  /** Task → how many of those that were looked at are of it. */
  readonly tasks: Readonly<Record<string, number>>
}

/** Who paused something, if that is still known. */
export interface Paused {
  readonly at: number | undefined
  readonly by: string | undefined
}

/** A limit of the fleet as it is used now. */
export interface LimitFacts {
  readonly lot: string
  readonly slots: { readonly used: number; readonly most: number } | undefined
  readonly rate:
    | {
        readonly begun: number
        readonly max: number
        readonly perMs: number
        /** When the next may begin, ms since 1970; now or before when one may. */
        readonly roomAt: number
      }
    | undefined
  readonly parked: number
}

/** What holds for a job besides itself. */
export interface Circumstances {
  /** ms since 1970. */
  readonly now: number
  readonly workflow: { readonly state: WorkflowState; readonly held: boolean; readonly holds: boolean }
  readonly pauses: { readonly workflow?: Paused; readonly task?: Paused; readonly queue?: Paused }
  readonly breakers: ReadonlyMap<string, BreakerState>
  readonly workers: readonly WorkerView[]
  /** Those of its task and its tenant. */
  readonly limits: readonly LimitFacts[]
  /** Jobs of its queue that run. */
  readonly active: number
  /** Task → how long an attempt usually takes, ms. */
  readonly medians: ReadonlyMap<string, number>
  /** The limit of first attempts of its task, ms. */
  readonly timeLimitMs: number | undefined
}
