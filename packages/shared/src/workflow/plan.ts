import type { Json } from './json.ts'
import type { Complexity, FailurePolicy, Level, Trigger } from './states.ts'

/** Retry settings of a job; what is absent comes from the task. Delays in milliseconds. */
export interface RetryPlan {
  readonly attempts?: number
  readonly delayMs?: number
  readonly maxDelayMs?: number
}

/** One job, checked and normalised: `inputs` are resolved, `needs`, `item` and `index` references still stand. */
export interface PlannedJob {
  readonly name: string
  readonly task: string
  readonly needs: readonly string[]
  readonly when: Trigger
  /** `undefined` when the definition has no `with`. */
  readonly with: Json | undefined
  readonly foreach: string | readonly Json[] | undefined
  readonly uses: readonly string[]
  readonly queue: string
  readonly priority: Level
  readonly delayMs: number
  readonly timeoutMs: number | undefined
  readonly retry: RetryPlan | undefined
  /** How long one attempt usually takes, as its author says. */
  readonly estimateMs?: number
  readonly complexity?: Complexity
  readonly type?: string
}

/** A workflow ready to submit. `jobs` is in topological order: every job stands after its needs. */
export interface Plan {
  readonly name: string
  readonly priority: Level
  readonly onFailure: FailurePolicy
  /** Absent: the workflow shares a line with all that name no tenant. */
  readonly tenant?: string
  readonly deadlineMs: number | undefined
  readonly inputs: { readonly [name: string]: Json }
  readonly jobs: readonly PlannedJob[]
}
