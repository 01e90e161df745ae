import type {
  AuditFilter,
  AuditRecord,
  DeadLetterFilter,
  DeadLetterGroup,
  DeadLetterPage,
  DeadLetterStory,
  Dedup,
  Imported,
  Issue,
  JobDetail,
  JobReasons,
  JobState,
  Json,
  Level,
  PatchOperation,
  Pausable,
  Pause,
  PoolCounts,
  QueueReasons,
  QueueView,
  Quota,
  Reasons,
  Rehearsal,
  ReplayView,
  ResourceView,
  Retention,
  Schedule,
  ScheduleView,
  Scheduling,
  Task,
  TaskDetails,
  TaskView,
  TenantView,
  WorkerView,
  WorkflowDefinition,
  WorkflowEvent,
  WorkflowReasons,
  WorkflowState,
  WorkflowSummary,
  WorkflowView,
} from '@millrace/shared'
import type { GivenWeights } from './weights.ts'

export interface ProducerOptions {
  /** Who acts, for the audit log. Default `MILLRACE_PRODUCER_ACTOR`, else the user of the operating system. */
  readonly actor?: string
  /** From where, for the audit log: `library` unless told. */
  readonly via?: 'library' | 'cli' | 'http'
  /** Redis URL. Default `REDIS_URL`, else `redis://127.0.0.1:6379`. */
  readonly connection?: string
  /** Separates pools that share one Redis. Default `millrace`. */
  readonly namespace?: string
  /** Tasks whose schemas check inputs before they are submitted. */
  readonly tasks?: readonly Task[]
  /** Entries that replace those of the shipped table of weights: types and complexities, ms. docs/scheduling.md. */
  readonly weights?: GivenWeights
  /** How long to try before the broker counts as unreachable, in milliseconds. Default 3,000. */
  readonly connectTimeoutMs?: number
  /** `false`: no traces, whatever OTEL_* variables ask for. */
  readonly tracing?: false
  /** Serves `/metrics`, `/livez` and `/readyz` of this process on this port; 0: any that is free. Default: none. */
  readonly httpPort?: number
}

export interface SubmitOptions {
  /** Submitting the same id again is the same workflow. Default: the name and a sortable random part. */
  readonly id?: string
  /** Overrides entries of the workflow's `inputs`. */
  readonly inputs?: WorkflowDefinition['inputs']
  readonly priority?: Level
  /** Whose workflow it is, in place of what it says itself. */
  readonly tenant?: string
  /** Milliseconds before the first jobs may start. */
  readonly delayMs?: number
  /** A second submission with the same key within `ttlMs` is the first workflow: `created: false`, and its id. */
  readonly dedup?: Dedup
  /** Which job of the workflow goes first: by its distance to the end, or by arrival. Default `critical-path`. */
  readonly scheduling?: Scheduling
  /** Refuses a workflow that cannot end by its deadline, by the estimates of its jobs. Default: that is a warning. */
  readonly strictDeadline?: boolean
}

export interface Submission {
  readonly id: string
  readonly name: string
  /** False when this id had been submitted before. */
  readonly created: boolean
  readonly jobs: number
  /** What is doubtful about the workflow and no reason to refuse it. */
  readonly warnings: readonly Issue[]
}

export interface RerunOptions {
  /** The job to begin with. */
  readonly from: string
  /** Of the new workflow; with the same id and job again it is the same rerun. Default: as for a submission. */
  readonly newId?: string
  /** Says what would happen, and writes nothing. */
  readonly dryRun?: boolean
}

export interface RerunReport {
  /** Of the new workflow; `undefined` when nothing was written. */
  readonly id: string | undefined
  /** False when this id had been used for the same rerun before, and for a dry run. */
  readonly created: boolean
  readonly of: string
  readonly from: string
  /** Names of the jobs that run again; what they spawn is spawned again. */
  readonly again: readonly string[]
  /** Names of those whose outputs are kept. */
  readonly carried: readonly string[]
  /** Jobs that did not succeed and are not needed: they are no part of the rerun. */
  readonly left: readonly { readonly name: string; readonly state: JobState }[]
}

/** Dead letters, chosen by id or by what is true of them. */
export type WhichLetters = { readonly ids: readonly string[] } | { readonly filter: DeadLetterFilter }

/** What becomes of an input: another one first, then a JSON Patch (RFC 6902), then values by path such as `customer.id`. */
export interface EditChange {
  readonly input?: Json
  readonly patch?: readonly PatchOperation[]
  readonly set?: Readonly<Record<string, Json>>
}

export interface ReplayOptions {
  /** Jobs sent a second. Default 1,000. */
  readonly ratePerSecond?: number
  /** So many go first; the rest follows when all of them have succeeded, and stays where it is when one fails. */
  readonly canary?: number
  /** `failed>10%` of those that ended again, from ten on, or `failed>20`: then the rest stays where it is. */
  readonly stopIf?: string
}

/** Either `cron` or `everyMs`. */
export type ScheduleOptions = Omit<Schedule, 'name' | 'overlap'> & Partial<Pick<Schedule, 'overlap'>>

/** Answers why something does not run now, with every reason, and when it is likely to begin. Reads only. */
export interface Why {
  /** @throws MillraceError MILLRACE_JOB_NOT_FOUND. */
  job(workflow: string, name: string): Promise<JobReasons>
  /** @throws MillraceError MILLRACE_WORKFLOW_NOT_FOUND. */
  workflow(id: string): Promise<WorkflowReasons>
  /** @throws MillraceError MILLRACE_USAGE when no job was ever sent to it and no worker takes from it. */
  queue(name: string): Promise<QueueReasons>
  /**
   * The workflow, else the job (`<workflow>.<job>`, or the id of its dead letter), else the queue, else the schedule of this name.
   *
   * @throws MillraceError MILLRACE_USAGE when nothing is called so.
   */
  anything(name: string): Promise<Reasons>
}

/** Asks the pool for work and looks at it from outside. */
export interface Producer {
  /** Where `/metrics`, `/livez` and `/readyz` are served, if they are. */
  readonly httpPort: number | undefined
  /**
   * @throws MillraceError with all `issues` when the workflow is refused, or MILLRACE_QUEUE_FULL or MILLRACE_TENANT_FULL with
   *   `retryAfter` (ms) when the pool has no room for all of it. Nothing is written then.
   */
  submit(workflow: WorkflowDefinition | string, options?: SubmitOptions): Promise<Submission>
  /** The workflow with all its jobs, or `undefined` when there is none. */
  get(id: string): Promise<WorkflowView | undefined>
  /** The workflow without its jobs, or `undefined` when there is none. */
  summary(id: string): Promise<WorkflowSummary | undefined>
  /** One job with its input, failures, checkpoint and logs, or `undefined` when there is none. */
  job(workflow: string, name: string): Promise<JobDetail | undefined>
  readonly why: Why
  /** How many workflows are in which state, and how many dead letters there are. */
  counts(): Promise<PoolCounts>
  list(filter?: { state?: WorkflowState; name?: string; limit?: number }): Promise<WorkflowSummary[]>
  /**
   * Yields what changes, beginning with what its jobs emitted so far and a summary of now; ends when the workflow has ended
   * or is held.
   */
  watch(id: string, options?: { signal?: AbortSignal }): AsyncIterable<WorkflowEvent>
  /** Ends the rest of the workflow; running handlers get their signal. Repeating it changes nothing. */
  cancel(id: string): Promise<WorkflowSummary>
  /**
   * Runs again what is dead, skipped or cancelled, and nothing that succeeded. A cancelled workflow is opened again, without
   * its deadline. `replayed`: dead letters; `revived`: how many jobs had been cancelled.
   *
   * @throws MillraceError MILLRACE_WORKFLOW_NOT_FOUND, or MILLRACE_USAGE while jobs are still being cancelled.
   */
  retry(id: string): Promise<{ replayed: string[]; revived: number; summary: WorkflowSummary }>
  /**
   * Runs a job of a workflow that has ended, and everything that depends on it, as a new workflow that keeps the outputs of the
   * other jobs. The old one stays as it is; each names the other.
   *
   * @throws MillraceError MILLRACE_WORKFLOW_NOT_FOUND; MILLRACE_RERUN_REFUSED when it has not ended, there is no such job, or a
   *   job that is needed and would not run again has not succeeded; or what a submission is refused with. Nothing runs then.
   */
  rerun(id: string, options: RerunOptions): Promise<RerunReport>
  readonly deadLetters: {
    /** A page of those that match, the newest first. `after` is the `next` of the page before. */
    query(filter?: DeadLetterFilter, page?: { after?: number | undefined; limit?: number }): Promise<DeadLetterPage>
    /** Those that match, grouped by what they died of, the largest group first, each with what to do about it. */
    stats(filter?: DeadLetterFilter): Promise<DeadLetterGroup[]>
    /** The whole story of one: attempts, outputs of its needs, checkpoint, what waits for it. */
    get(id: string): Promise<DeadLetterStory | undefined>
    /** Those that match as lines of NDJSON, without line breaks. */
    export(filter?: DeadLetterFilter): AsyncIterable<string>
    /** Writes lines of an export. What is there already stays as it is, so that it may be repeated. */
    import(lines: AsyncIterable<string> | Iterable<string>): Promise<Imported>
    /**
     * Sends jobs back to their own queues with fresh attempts. `gone`: replayed or discarded by somebody else.
     * `refused`: the job was removed, or its workflow cancelled.
     */
    replay(
      which: { ids: readonly string[] } | { filter: DeadLetterFilter },
    ): Promise<{ replayed: string[]; gone: string[]; refused: { id: string; reason: string }[] }>
    /**
     * Changes the inputs of dead jobs; the audit log keeps what they were. They are checked by the `tasks` of the producer, else by
     * the schemas that workers published. `unchecked`: tasks of which some inputs could not be, and why; the worker checks them
     * when they run. `gone`: replayed, discarded or changed by somebody else. `refused`: the job was removed, or is being replayed.
     *
     * @throws MillraceError MILLRACE_INPUT_INVALID with what does not fit, of all letters; nothing is changed then.
     */
    edit(
      which: WhichLetters,
      change: EditChange,
      options?: { readonly dryRun?: boolean },
    ): Promise<{
      edited: { id: string; before: Json; after: Json }[]
      gone: string[]
      refused: string[]
      unchecked: { task: string; why: string }[]
    }>
    /**
     * Removes them. Their jobs stay dead, and what was held for a replay of them is skipped. The audit log has the reason.
     */
    discard(
      which: { ids: readonly string[] } | { filter: DeadLetterFilter },
      options?: { reason?: string | undefined },
    ): Promise<{ discarded: string[]; gone: string[] }>
    /** How long and how many dead letters are kept, by queue. */
    readonly retention: {
      /** Queues that have a rule of their own. */
      list(): Promise<Retention[]>
      /** Replaces a queue's rule; an empty one takes it away: 90 days and a million letters then. */
      set(queue: string, rule: { ageMs?: number | undefined; count?: number | undefined }): Promise<void>
    }
  }
  /**
   * Replays that the pool carries out by itself, at a pace: they go on when this process ends, and need a worker.
   * Jobs go through their own queues, with their priority, limits and breakers.
   */
  readonly replays: {
    /** Fixes the letters now; what fails later is not replayed by the way. */
    start(which: WhichLetters, options?: ReplayOptions): Promise<ReplayView>
    /** What a replay would do, without doing it. */
    rehearse(which: WhichLetters, options?: Pick<ReplayOptions, 'ratePerSecond'>): Promise<Rehearsal>
    /** The newest first; 20 unless told. */
    list(limit?: number): Promise<ReplayView[]>
    get(id: string): Promise<ReplayView | undefined>
    /**
     * Sends nothing more until it is resumed; what was sent goes on.
     *
     * @throws MillraceError MILLRACE_REPLAY_NOT_FOUND, or MILLRACE_USAGE when it has ended. So do the two below.
     */
    pause(id: string): Promise<ReplayView>
    resume(id: string): Promise<ReplayView>
    /** Sends nothing more, for good: what was not sent stays a dead letter. */
    stop(id: string): Promise<ReplayView>
  }
  /** What operators did, through whichever program. Some 100,000 entries are kept. */
  readonly audit: {
    /** The newest first; 50 unless told. */
    list(filter?: AuditFilter, limit?: number): Promise<AuditRecord[]>
    /** All that match, the newest first, however many there are. */
    scan(filter?: AuditFilter): AsyncIterable<AuditRecord>
  }
  /** Pauses of tasks and workflows: what runs may end, and nothing else of them begins until they are resumed. */
  readonly pauses: {
    list(): Promise<Pause[]>
    /** Gives false when it was paused before. */
    pause(kind: Pausable, name: string): Promise<boolean>
    /** Sends what was put aside back to its place. Gives false when it was not paused. */
    resume(kind: Pausable, name: string): Promise<boolean>
  }
  readonly queues: {
    list(): Promise<QueueView[]>
    /** Workers finish what they have and take nothing more from the queue. */
    pause(name: string): Promise<void>
    resume(name: string): Promise<void>
    /** How many jobs may wait in the queue; a submission that would bring more is refused. Default 100,000. */
    setCapacity(name: string, jobs: number): Promise<void>
    /**
     * Whether what becomes of the jobs is written into BullMQ's event stream of the queue too, for its `QueueEvents`. Off unless
     * somebody turns it on: an event costs Redis as much as the rest of a job's end.
     */
    setEvents(name: string, on: boolean): Promise<void>
  }
  readonly schedules: {
    /** Adds a schedule, or replaces the one of this name: `created` says which. */
    add(name: string, options: ScheduleOptions): Promise<ScheduleView & { readonly created: boolean }>
    /** The next to run first. */
    list(): Promise<ScheduleView[]>
    /** Gives false when there is none. What it has submitted goes on. */
    remove(name: string): Promise<boolean>
  }
  readonly tenants: {
    list(): Promise<TenantView[]>
    /** Replaces what the tenant may have; an empty quota takes it away. */
    set(name: string, quota: Quota): Promise<void>
  }
  readonly workers: {
    /** Those that are there, by name, as they were at their last heartbeat. */
    list(): Promise<WorkerView[]>
  }
  readonly resources: {
    /** Those that workers know, and those whose breaker is open. */
    list(): Promise<ResourceView[]>
    /** Every worker stops beginning jobs that use it: until it is closed, or until a probe is made after `forMs`. */
    open(name: string, options?: { forMs?: number; why?: string }): Promise<void>
    /** Closes its breaker and calls the jobs back that wait for it. False when it was closed already. */
    close(name: string): Promise<boolean>
  }
  readonly tasks: {
    /** Every task that a worker has or had, by name. */
    list(): Promise<TaskView[]>
    /** @throws MillraceError MILLRACE_USAGE when no worker has or had the task. */
    get(name: string): Promise<TaskDetails>
    /**
     * Fixes the time limit of its attempts, in milliseconds, or frees it: `auto`. Workers follow at once.
     *
     * @throws MillraceError MILLRACE_USAGE when no worker has or had the task.
     */
    setTimeLimit(name: string, ms: number | 'auto'): Promise<void>
  }
  close(): Promise<void>
}
