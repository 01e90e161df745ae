import type { Plan } from '../workflow/plan.ts'
import { DEFAULT_CAPACITY } from './capacities.ts'

/** A second submission with the same key, within this time, is the first workflow. */
export interface Dedup {
  readonly key: string
  readonly ttlMs: number
}

/** What a workflow asks of the pool, as admission.lua takes it. */
export type Demand = readonly [
  queues: readonly (readonly [queue: string, jobs: number, low: 0 | 1])[],
  tenant: string,
  dedupKey: string,
  dedupMs: number,
  /** Of queues of which nobody said more. */
  capacity: number,
]

/** A workflow is as urgent as the most urgent of its jobs in a queue: only what is all `low` or `background` is shed. */
export function demandOf({ jobs, tenant = '' }: Plan, dedup?: Dedup): Demand {
  const queues = new Map<string, [count: number, low: 0 | 1]>()
  for (const { queue, priority } of jobs) {
    const low = priority === 'low' || priority === 'background'
    const [count, allLow] = queues.get(queue) ?? [0, 1]
    queues.set(queue, [count + 1, allLow === 1 && low ? 1 : 0])
  }
  return [
    [...queues].map(([queue, [count, low]]) => [queue, count, low] as const),
    tenant,
    dedup?.key ?? '',
    dedup?.ttlMs ?? 0,
    DEFAULT_CAPACITY,
  ]
}
