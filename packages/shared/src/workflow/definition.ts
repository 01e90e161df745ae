import type { Json } from './json.ts'
import type { Complexity, FailurePolicy, Level, Trigger } from './states.ts'

/** A duration: milliseconds, or a number with a unit (`500ms`, `30s`, `5m`, `2h`, `1d`). */
export type Duration = number | string

/** One job as its author writes it, in YAML, JSON or code. */
export interface JobDefinition {
  /** Name of the task to run. */
  readonly task: string
  /** The job's input. May hold `${{ inputs.… }}`, `${{ needs.<job>.output.… }}`, `${{ item }}`, `${{ index }}`. */
  readonly with?: Json
  /** Jobs that must have ended before this one is decided. */
  readonly needs?: string | readonly string[]
  /** Default `succeeded`. */
  readonly when?: Trigger
  /** An array, or a reference to one: the job becomes one job per item. Without `with`, the item is the input. */
  readonly foreach?: string | readonly Json[]
  /** Resources outside that the job talks to. */
  readonly uses?: string | readonly string[]
  /** Default: the task's own queue, else `default`. */
  readonly queue?: string
  /** Default: the workflow's. */
  readonly priority?: Level
  /** Waits this long after its last need ended. */
  readonly delay?: Duration
  /** Limit of one attempt. Default: the task's. */
  readonly timeout?: Duration
  /** How long one attempt usually takes. Default: what the pool has measured for the task. */
  readonly estimate?: Duration
  /** Harder work goes first among jobs that are about as far from the end. */
  readonly complexity?: Complexity
  /** What kind of work it is, e.g. `security` or `test`; the pool's table says which kind goes first. */
  readonly type?: string
  /** Default: the task's. A number is short for `{ attempts }`. */
  readonly retry?: number | RetryDefinition
}

export interface RetryDefinition {
  /** Attempts in all, the first one included; 1 to 100. */
  readonly attempts?: number
  /** Delay before the second attempt; grows from there. */
  readonly delay?: Duration
  /** Upper bound of the delay. */
  readonly maxDelay?: Duration
}

/** A workflow as its author writes it. */
export interface WorkflowDefinition {
  readonly name: string
  readonly priority?: Level
  /** Whose workflow it is. Tenants take turns, however much each of them submits. */
  readonly tenant?: string
  readonly deadline?: Duration
  readonly onFailure?: FailurePolicy
  readonly inputs?: { readonly [name: string]: Json }
  readonly jobs: { readonly [name: string]: JobDefinition }
}
