import { type BulkheadRule, type PoolKeys, readLots, unparkJobs } from '@millrace/shared'
import { type BulkheadPolicy, bulkhead as cockatielBulkhead } from 'cockatiel'
import type { Redis } from 'ioredis'
import { Parked } from './parked.ts'
import { bulkheadParkMs } from './rules.ts'

/** The slots of one resource or task in this worker. */
export interface Bulkhead {
  readonly name: string
  readonly rule: BulkheadRule
  /** Cockatiel's: it runs what has a slot and queues what may wait. */
  readonly policy: BulkheadPolicy
  readonly isFull: boolean
  enter(): void
  /** @param wasParked the attempt that leaves had been put aside before, so others may have been too. */
  leave(wasParked: boolean): void
  /** Says that a job has to wait for a slot. */
  parked(starts: number): Parked
}

/** What calls waiting jobs back. A broker that is away calls nobody: the jobs come back by themselves. */
export interface Caller {
  call(lot: string, most: number): Promise<number>
}

export const lotCaller = (client: Redis, keys: PoolKeys): Caller => ({
  call: (lot, most) =>
    client.status === 'ready' ? unparkJobs(client, keys, lot, most).catch(() => 0) : Promise.resolve(0),
})

/**
 * A bulkhead whose overflow waits in the broker and not in the process. Attempts that have entered hold a slot from the gate to
 * their end. Whoever leaves calls one waiting job, so as many are under way as there are slots, and none is fetched in vain.
 *
 * @param limitNow fewer than `rule.limit`, where the number of slots moves.
 */
export function createBulkhead(
  name: string,
  rule: BulkheadRule,
  caller: Caller,
  limitNow: () => number = () => rule.limit,
  random: () => number = Math.random,
): Bulkhead {
  const policy = cockatielBulkhead(rule.limit, rule.queue)
  const lot = `bulkhead/${name}`
  let inside = 0
  /** Jobs of this worker may be waiting. */
  let crowded = false

  return {
    name,
    rule,
    policy,
    get isFull() {
      return inside >= limitNow() + rule.queue
    },
    enter: () => void inside++,
    leave(wasParked) {
      inside--
      if (!crowded && !wasParked) return
      void caller.call(lot, 1).then((called) => {
        if (called === 0) crowded = false
      })
    },
    parked(starts) {
      crowded = true
      const why = `the bulkhead of "${name}" is full: ${limitNow()} at once${rule.queue > 0 ? `, ${rule.queue} waiting` : ''}`
      return new Parked('MILLRACE_BULKHEAD_FULL', { lot, delayMs: bulkheadParkMs(starts, random()), why })
    },
  }
}

/** Calls the jobs that nobody called: those of workers that died, and those parked while the last slot was being left. */
export async function callForgotten(client: Redis, keys: PoolKeys, bulkheads: readonly Bulkhead[], caller: Caller) {
  if (client.status !== 'ready') return
  const lots = new Set((await readLots(client, keys)).map(({ lot }) => lot))
  for (const bulkhead of bulkheads) {
    const { name, isFull } = bulkhead
    if (!isFull && lots.has(`bulkhead/${name}`)) await caller.call(`bulkhead/${name}`, 1)
  }
}
