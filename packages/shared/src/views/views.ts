import type { Severity } from '../errors/catalogue.ts'
import type { Json } from '../workflow/json.ts'
import type { FailurePolicy, JobState, Level, Trigger, WorkflowState } from '../workflow/states.ts'

/** How many jobs of a workflow are in which state. `runnable` = queued, delayed or active. */
export interface JobCounts {
  readonly total: number
  readonly waiting: number
  readonly runnable: number
  readonly succeeded: number
  readonly dead: number
  readonly skipped: number
  readonly cancelled: number
}

/** A workflow without its jobs: one line of a list. Times in milliseconds since 1970. */
export interface WorkflowSummary {
  readonly id: string
  readonly name: string
  readonly state: WorkflowState
  /** True when nothing can run before a dead letter is replayed (`onFailure: hold`). */
  readonly held: boolean
  /** True when somebody paused it: what runs may end, nothing else of it begins. */
  readonly paused: boolean
  readonly priority: Level
  readonly onFailure: FailurePolicy
  readonly jobs: JobCounts
  readonly submittedAt: number
  readonly finishedAt: number | undefined
  /** The workflow that it runs again, and from which job on. */
  readonly rerunOf?: { readonly id: string; readonly from: string }
  /** The workflows that run it again, the last 50. */
  readonly reruns?: readonly string[]
}

/** One job as `status` shows it. */
export interface JobView {
  readonly name: string
  readonly task: string
  readonly queue: string
  readonly state: JobState
  readonly needs: readonly string[]
  readonly when: Trigger
  /** Attempts made so far, the running one included. */
  readonly attempts: number
  readonly worker: string | undefined
  /** How long an attempt usually takes, as the workflow's author says. */
  readonly estimateMs?: number
  readonly startedAt: number | undefined
  readonly finishedAt: number | undefined
  readonly progress: Json | undefined
  readonly output: Json | undefined
  readonly error: { readonly code: string; readonly message: string } | undefined
  /** The workflow in which it ran, when a rerun took its end over. */
  readonly carriedFrom?: string
}

export interface WorkflowView extends WorkflowSummary {
  /** In topological order; spawned jobs stand after the job that spawned them. */
  readonly jobList: readonly JobView[]
}

/** All that is known of one job. */
export interface JobDetail extends JobView {
  /** BullMQ's id of it: `<workflow>.<job>`. */
  readonly id: string
  /** As the workflow's author wrote it: references stand for what they will become. */
  readonly input: Json | undefined
  readonly submittedAt: number
  /** The stack of every attempt that failed since it was submitted or replayed, the first one first. */
  readonly failures: readonly string[]
  /** Why it was skipped, when it was. */
  readonly skippedBecause: string | undefined
  /** What its attempts saved for each other. */
  readonly checkpoint: Json | undefined
  /** Keys of the effects that are recorded as done and will not be repeated. */
  readonly effects: readonly string[]
  /** The last lines that were logged with BullMQ's `job.log`. */
  readonly logs: readonly string[]
}

export interface PoolCounts {
  readonly workflows: Readonly<Record<WorkflowState, number>>
  readonly deadLetters: number
}

/** A change that `watch` reports. */
export type WorkflowEvent =
  | {
      readonly kind: 'job'
      readonly job: string
      readonly state: JobState
      readonly at: number
      readonly progress?: Json
    }
  | { readonly kind: 'workflow'; readonly summary: WorkflowSummary }
  | ChunkEvent

/** What a handler emitted. Those of one job are in its order; a later attempt begins again. */
export interface ChunkEvent {
  readonly kind: 'chunk'
  /** From 1 within the workflow. Where numbers are missing, chunks were dropped: only so many are kept. */
  readonly number: number
  readonly job: string
  readonly attempt: number
  readonly at: number
  readonly chunk: Json
}

/** The record of a job that failed for good. */
export interface DeadLetter {
  /** `<queue>~<workflow>.<job>`; the id of its entry in the `dead-letters` queue. */
  readonly id: string
  /** Grows with every letter of the pool: a page of them goes on after the place of its last. */
  readonly place: number
  readonly queue: string
  readonly task: string
  readonly workflow: { readonly id: string; readonly name: string } | undefined
  readonly tenant: string | undefined
  readonly job: string
  readonly input: Json | undefined
  readonly code: string
  readonly message: string
  readonly severity: Severity
  readonly category: string
  /** The same for failures of the same task and code, with a message of the same shape, from the same place in the code. */
  readonly fingerprint: string
  /** What the handler's `TaskError` gave along. */
  readonly context: Readonly<Record<string, Json>> | undefined
  readonly stack: string
  readonly attempts: number
  /** The attempts that failed, the last 16 of them; earlier replays included. Empty when no handler was ever begun. */
  readonly history: readonly PastAttempt[]
  readonly worker: string | undefined
  readonly submittedAt: number
  readonly startedAt: number | undefined
  readonly failedAt: number
}

/** An attempt that failed. */
export interface PastAttempt {
  /** 1 for the first, and for the first after a replay. */
  readonly attempt: number
  /** Grows with every start of the job, those that were put aside included. */
  readonly fencingToken: number
  readonly worker: string
  readonly startedAt: number
  readonly failedAt: number
  readonly code: string
  /** Its first 500 characters. */
  readonly message: string
}

/** Conditions that must all hold. */
export interface DeadLetterFilter {
  readonly task?: string
  readonly queue?: string
  /** Id of a workflow, or name of several. */
  readonly workflow?: string
  readonly tenant?: string
  readonly code?: string
  readonly fingerprint?: string
  /** Somewhere in the first 500 bytes of the message, in either case. */
  readonly text?: string
  /** Only what failed longer ago than this, in milliseconds. */
  readonly olderThanMs?: number
  /** Only what failed within this time, in milliseconds. */
  readonly newerThanMs?: number
}

export interface QueueView {
  readonly name: string
  readonly paused: boolean
  /** How many jobs may wait in it; active ones do not count. */
  readonly capacity: number
  readonly waiting: number
  readonly delayed: number
  readonly queued: number
  readonly active: number
  readonly workers: number
}
