import type { WorkflowDefinition } from '../workflow/definition.ts'
import type { Level, WorkflowState } from '../workflow/states.ts'

/** Name of the queue in which BullMQ keeps the schedules; every worker runs what is due in it. */
export const SCHEDULES = 'millrace-schedules'

export const OVERLAPS = ['skip', 'allow'] as const
/** What becomes of a run when the workflow of the run before has not ended. */
export type Overlap = (typeof OVERLAPS)[number]

/** A workflow that is submitted again and again. */
export interface Schedule {
  readonly name: string
  /** As its author wrote it; planned anew at every run. */
  readonly workflow: WorkflowDefinition | string
  /** Five fields, or six with seconds first. Either this or `everyMs`. */
  readonly cron?: string
  /** IANA name of the zone that `cron` is read in. Default UTC. */
  readonly tz?: string
  /** Length of the interval; the first run is at once. */
  readonly everyMs?: number
  readonly overlap: Overlap
  readonly inputs?: WorkflowDefinition['inputs']
  readonly priority?: Level
}

/** What a run came to. `skipped`: the one before had not ended. `refused`: the workflow, or the pool has no room. */
export type RunOutcome = 'submitted' | 'skipped' | 'refused'

export interface ScheduleRun {
  /** The time for which it was due, ms since 1970. */
  readonly slot: number
  readonly at: number
  readonly outcome: RunOutcome
  /** Id of the workflow that was submitted. */
  readonly workflow: string | undefined
  /** Its state now. */
  readonly state: WorkflowState | undefined
  /** Why nothing was submitted. */
  readonly why: string | undefined
}

export interface ScheduleView extends Omit<Schedule, 'workflow'> {
  /** Name of the workflow. */
  readonly workflow: string
  /** When the next run is due, ms since 1970. */
  readonly nextAt: number | undefined
  readonly last: ScheduleRun | undefined
}
