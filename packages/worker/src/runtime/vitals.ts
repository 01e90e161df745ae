import { hostname } from 'node:os'
import type { AnnouncedTask, Heartbeat, Task } from '@millrace/shared'
import type { ConcurrencyRange } from '../concurrency/range.ts'
import type { Slots } from '../concurrency/slots.ts'
import type { Tuning } from '../concurrency/tune.ts'
import type { Health } from '../health/watch.ts'

export interface VitalsOptions {
  readonly name: string
  readonly version: string
  readonly queues: readonly string[]
  readonly tasks: readonly Task[]
  readonly range: ConcurrencyRange
  readonly slots: Slots
  readonly tuning: Tuning
  readonly health: Health
  readonly active: () => number
  /** Names of resources whose breaker is open. */
  readonly breakers: () => readonly string[]
}

/** Makes the heartbeats of this worker. */
export function vitals(options: VitalsOptions): () => Heartbeat {
  const { name, version, queues, range, slots, tuning, health, active, breakers } = options
  const startedAt = Date.now()
  const tasks = options.tasks.map(announced)
  const { min, max } = range
  return () => ({
    name,
    host: hostname(),
    pid: process.pid,
    version,
    startedAt,
    queues,
    tasks,
    slots: { limit: slots.limit, min, max, active: active(), taking: slots.taking },
    moves: tuning.moves().map(({ at, reason, limit, why }) => ({ at, reason, limit, why })),
    ...tuning.vitals(),
    breakers: breakers(),
    succeeded: health.succeeded(),
    unhealthy: health.unhealthy(),
  })
}

/** What others must know of a task to say why a job of it does not run. */
const announced = ({ name, queue, description, uses, concurrency, limit }: Task): AnnouncedTask => ({
  ...{ name, queue, description },
  ...(uses.length > 0 && { uses }),
  ...(concurrency !== undefined && { concurrency }),
  ...(limit && { limit }),
})
