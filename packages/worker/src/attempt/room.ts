import type { Batch, connectBroker, FailureBatch, Logger, PoolKeys } from '@millrace/shared'
import type { TimeLimits } from '../control/time-limits.ts'
import type { AttemptCounts } from '../observability/attempt-counts.ts'
import type { Tally } from '../observability/tally.ts'
import type { Guards } from '../policies/guards.ts'
import type { TaskRegistry } from '../tasks/registry.ts'
import type { Attempt, Running } from './attempt.ts'
import type { Gates } from './gates.ts'
import type { Outcome } from './outcome.ts'

export type Broker = Awaited<ReturnType<typeof connectBroker>>

/** What every attempt of a worker shares. */
export interface Room {
  readonly client: Broker
  readonly keys: PoolKeys
  readonly tasks: TaskRegistry
  readonly running: Running
  readonly gates: Gates
  /** The resources: breakers and bulkheads. */
  readonly guards: Guards
  readonly tally: Tally
  /** For the metrics. */
  readonly attempts: AttemptCounts
  /** Run times of the last seconds. */
  readonly measured: Batch
  /** Told how every attempt ended: for the health of the worker and its pace. */
  readonly ended: (attempt: Attempt, outcome: Outcome) => void
  /** Failed attempts of the last second. */
  readonly failures: FailureBatch
  readonly timeLimits: TimeLimits
  readonly log: Logger
  readonly lockMs: number
  /** How long a handler may clean up after its signal was aborted. */
  readonly graceMs: number
  readonly maxOutputBytes: number
  /** What a job may keep for its later attempts, and the jobs of a workflow for each other. */
  readonly maxKeptBytes: number
}
