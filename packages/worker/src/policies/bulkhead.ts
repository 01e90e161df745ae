import type { BulkheadRule } from '@millrace/shared'
import { type BulkheadPolicy, bulkhead as cockatielBulkhead } from 'cockatiel'
import { Parked } from './parked.ts'
import { bulkheadParkMs } from './rules.ts'

/** The slots of one resource or task in this worker. */
export interface Bulkhead {
  readonly name: string
  readonly rule: BulkheadRule
  /** Cockatiel's: it runs what has a slot and queues what may wait. */
  readonly policy: BulkheadPolicy
  readonly isFull: boolean
  /** Attempts that have entered, those in its queue included. */
  readonly active: number
  /** How many it lets run at once, now. */
  readonly slots: number
  /** Jobs turned away since the start. */
  readonly rejected: number
  enter(): void
  /** @param wasParked the attempt that leaves had been put aside before, so others may have been too. */
  leave(wasParked: boolean): void
  /** Calls as many jobs as there are free slots: after the breaker has closed, and for those that nobody called. */
  refill(): void
  /** Says that a job has to wait for a slot. */
  parked(starts: number): Parked
}

/** Calls jobs back that wait for a slot of this name; gives how many. A broker that is away calls nobody: they come by themselves. */
export type Caller = (name: string, most: number) => Promise<number>

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
  let rejected = 0
  /** Jobs of this worker may be waiting. */
  let crowded = false
  let wanted = 0
  let calling = false

  /** One call at a time: those who leave meanwhile are counted, and the next call is for all of them. */
  async function call(more: number): Promise<void> {
    wanted += more
    if (calling) return
    calling = true
    while (wanted > 0) {
      const most = wanted
      wanted = 0
      if ((await caller(name, most)) < most) crowded = false
    }
    calling = false
  }

  return {
    name,
    rule,
    policy,
    get isFull() {
      return inside >= limitNow() + rule.queue
    },
    get active() {
      return inside
    },
    get slots() {
      return limitNow()
    },
    get rejected() {
      return rejected
    },
    enter: () => void inside++,
    leave(wasParked) {
      inside--
      if (!crowded && !wasParked) return
      void call(1)
    },
    refill() {
      crowded = true
      const free = limitNow() + rule.queue - inside
      if (free > 0) void call(free)
    },
    parked(starts) {
      crowded = true
      rejected++
      const why = `the bulkhead of "${name}" is full: ${limitNow()} at once${rule.queue > 0 ? `, ${rule.queue} waiting` : ''}`
      return new Parked('MILLRACE_BULKHEAD_FULL', { lot, delayMs: bulkheadParkMs(starts, random()), why })
    },
  }
}
