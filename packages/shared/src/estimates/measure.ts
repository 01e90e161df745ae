import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import { bucketOf } from './buckets.ts'

const measureScript = readScript<number>(new URL('./measure.lua', import.meta.url))

/** A sketch is halved when it holds more, so that it speaks of the last one or two thousand attempts. */
export const MOST_SAMPLES = 2_000
/** A task that has not run for so long is forgotten: 30 days in milliseconds. */
export const KEEP_MS = 30 * 86_400_000

const TASKS_PER_CALL = 20

/** Run times of attempts by task, as they are collected in a process before they are sent. */
export interface Batch {
  /** An attempt that succeeded after `ms` milliseconds. */
  add(task: string, ms: number): void
  /** An attempt that was cut off at its time limit: it would have taken longer, nobody knows how much. */
  addTimeout(task: string): void
  /** Gives what has been collected, and begins anew. */
  take(): ReadonlyMap<string, ReadonlyMap<string, number>>
}

export function createBatch(): Batch {
  let tasks = new Map<string, Map<string, number>>()
  function count(task: string, field: string): void {
    const fields = tasks.get(task) ?? new Map<string, number>()
    tasks.set(task, fields)
    fields.set(field, (fields.get(field) ?? 0) + 1)
  }
  return {
    add: (task, ms) => count(task, String(bucketOf(ms))),
    addTimeout: (task) => count(task, 'timeouts'),
    take() {
      const taken = tasks
      tasks = new Map()
      return taken
    },
  }
}

/** Adds a batch to what the pool knows of its tasks. Sent twice it counts twice, so what failed is not sent again. */
export async function measure(
  client: Redis,
  keys: PoolKeys,
  batch: ReturnType<Batch['take']>,
  now: number = Date.now(),
): Promise<void> {
  const entries = [...batch]
  for (let from = 0; from < entries.length; from += TASKS_PER_CALL) {
    const page = entries.slice(from, from + TASKS_PER_CALL)
    const target = [keys.estimates, ...page.map(([task]) => keys.sketch(task))]
    const args = page.flatMap(([task, fields]) => [task, JSON.stringify([...fields].flat())])
    await measureScript(client, target, [now, MOST_SAMPLES, KEEP_MS, ...args])
  }
}
