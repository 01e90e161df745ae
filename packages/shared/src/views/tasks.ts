import type { Redis } from 'ioredis'
import { readEstimates, type TaskEstimate } from '../estimates/estimates.ts'
import { type FailureView, failures } from '../failures/failures.ts'
import { knownTasks } from '../pool/heartbeat.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { readTimeLimits, type TimeLimitRecord } from '../time-limits/time-limits.ts'

/** What the pool knows of a task. */
export interface TaskView {
  readonly name: string
  /** Whether a worker has it now; else it is known from former days. */
  readonly present: boolean
  /** Known while a worker has it. */
  readonly queue: string | undefined
  readonly description: string
  /** The limit that workers give to first attempts, why, since when, and those before. */
  readonly timeLimit: TimeLimitRecord | undefined
  /** Fixed by hand, in milliseconds. */
  readonly timeLimitByHandMs: number | undefined
  readonly measured: TaskEstimate | undefined
}

export interface TaskDetails extends TaskView {
  /** The last seen first, by fingerprint. */
  readonly failures: readonly FailureView[]
}

const FAILURES_SHOWN = 10

/** Every task that a worker has or had, by name. Three round trips. */
export async function listTasks(client: Redis, keys: PoolKeys): Promise<TaskView[]> {
  const [known, measured, { limits, byHandMs }] = await Promise.all([
    knownTasks(client, keys),
    readEstimates(client, keys),
    readTimeLimits(client, keys),
  ])
  const names = new Set([...known.keys(), ...measured.keys(), ...limits.keys(), ...byHandMs.keys()])
  return [...names].toSorted().map((name) => ({
    name,
    present: known.has(name),
    queue: known.get(name)?.queue,
    description: known.get(name)?.description ?? '',
    timeLimit: limits.get(name),
    timeLimitByHandMs: byHandMs.get(name),
    measured: measured.get(name),
  }))
}

/** One task with its failures; `undefined` when no worker has or had it. */
export async function readTask(client: Redis, keys: PoolKeys, name: string): Promise<TaskDetails | undefined> {
  const task = (await listTasks(client, keys)).find((one) => one.name === name)
  return task && { ...task, failures: await failures(client, keys, { task: name, limit: FAILURES_SHOWN }) }
}
