import { setTimeout as sleep } from 'node:timers/promises'
import { job } from '../../packages/shared/test/engine/room.ts'
import type { Pool } from './pool.ts'
import type { Condition, Service } from './service.ts'

/**
 * How the service fares, one after the other, and for how long. The first time is for warming up, the second is that to which
 * all others are compared.
 */
const DAY: readonly (readonly [condition: Condition, ms: number])[] = [
  ['well', 2_000],
  ['well', 5_000],
  ['dead', 4_000],
  ['well', 6_000],
  ['slow', 4_000],
  ['well', 6_000],
  ['flooded', 4_000],
  ['well', 6_000],
]

const EVERY_MS = 100
/** Jobs that come every 100 ms. Slow orders alone would hold more slots than the fleet has. */
const ORDERS = 3
export const OTHERS = 3

export interface Phase {
  readonly condition: Condition
  readonly from: number
  readonly to: number
}

/**
 * Lets work come evenly while the service goes through its day; whoever is late catches up.
 *
 * @returns the phases, and the workflows by the time of their submission, ms since 1970.
 */
export async function liveThrough(
  pool: Pool,
  service: Service,
): Promise<{ phases: Phase[]; submitted: ReadonlyMap<string, number> }> {
  const begun = Date.now()
  const over = DAY.reduce((sum, [, ms]) => sum + ms, 0)
  const submitted = new Map<string, number>()
  const phases: Phase[] = []

  async function bringWork(): Promise<void> {
    for (let turn = 0; turn * EVERY_MS < over; turn++) {
      const id = `day-${turn}`
      const orders = Array.from({ length: ORDERS }, (_, index) => job(`order${index}`, [], { task: 'shop.order' }))
      const others = Array.from({ length: OTHERS }, (_, index) => job(`other${index}`, [], { task: 'shop.elsewhere' }))
      submitted.set(id, await pool.submit({ jobs: [...orders, ...others], ends: {} }, id))
      await sleep(Math.max(0, begun + (turn + 1) * EVERY_MS - Date.now()))
    }
  }
  async function fare(): Promise<void> {
    for (const [condition, ms] of DAY) {
      await service.become(condition)
      const from = Date.now()
      await sleep(ms)
      phases.push({ condition, from, to: Date.now() })
    }
  }
  await Promise.all([bringWork(), fare()])
  return { phases, submitted }
}
