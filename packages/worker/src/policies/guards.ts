import { type PoolKeys, publishResources, type Resource, type Signals, type Task } from '@millrace/shared'
import type { Redis } from 'ioredis'
import { type Admissions, createAdmissions, type Entrant } from './admissions.ts'
import type { Bulkhead } from './bulkhead.ts'
import { createCallBack } from './call-back.ts'
import type { Circuits } from './circuits.ts'
import { describeGuard } from './guard.ts'
import { createGuardList, type GuardList } from './guard-list.ts'
import type { PolicyDefaults } from './rules.ts'

const LOOK_EVERY_MS = 2_000
/** Resources are spoken of again, so that those of workers that are gone can be forgotten. */
const PUBLISH_EVERY_MS = 60_000

/** The resources of a worker: keeps jobs out while they must wait, and stands around the attempts that use them. */
export interface Guards extends Pick<Admissions, 'admit' | 'leave' | 'around' | 'blames'> {
  /** @throws MillraceError MILLRACE_RESOURCE_UNKNOWN */
  require(entrant: Entrant, task: Task, name: string): void
  /** One call to the outside from within a handler. */
  call<T>(entrant: Entrant, name: string, call: (how: { signal: AbortSignal }) => T | Promise<T>): Promise<T>
  /** What the breakers did since the start, by name. */
  counts: Circuits['counts']
  bulkheads(): readonly Pick<Bulkhead, 'name' | 'active' | 'slots' | 'rejected'>[]
  start(signals: Signals): Promise<{ stop(): void }>
}

export interface GuardsOptions {
  readonly client: Redis
  readonly keys: PoolKeys
  readonly tasks: readonly Task[]
  readonly resources: readonly Resource[]
  readonly defaults: PolicyDefaults
  /** Slots of the worker at the moment: they move. */
  readonly slots: () => number
  readonly circuits: Circuits
}

export function createGuards(options: GuardsOptions): Guards {
  const { client, keys, tasks, resources, circuits } = options
  const callBack = createCallBack(client, keys, (name) => list.find(name))
  const list: GuardList = createGuardList({ ...options, caller: callBack.waiting })
  const { admit, leave, around, blames, call } = createAdmissions(list, circuits)

  return {
    ...{ admit, leave, around, blames },
    require: ({ job }, task, name) => list.require(name, task, job.data),
    call: (entrant, name, how) => call(entrant, list.of(name), how),
    counts: circuits.counts,
    bulkheads: () => list.all().flatMap(({ bulkhead }) => (bulkhead ? [bulkhead] : [])),
    async start(signals) {
      for (const { name } of resources) list.of(name)
      for (const task of tasks) list.before(task)
      const publish = () => publishResources(client, keys, list.all().map(describeGuard)).catch(() => {})
      await publish()
      const watching = await circuits.start(signals, callBack.afterClosing)
      const timers = [
        setInterval(() => callBack.forgotten().catch(() => {}), LOOK_EVERY_MS),
        setInterval(publish, PUBLISH_EVERY_MS),
      ]
      for (const timer of timers) timer.unref()
      return {
        stop: () => {
          for (const timer of timers) clearInterval(timer)
          watching.stop()
        },
      }
    },
  }
}
