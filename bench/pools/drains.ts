import type { Room } from '../runner/room.ts'
import { type Drained, fillAndDrain } from './measured.ts'
import { type OurPool, openOurs } from './ours.ts'
import type { Layout } from './pool.ts'
import { openRaw, type RawPool } from './raw.ts'

/** Jobs to warm up with, and jobs that count. */
export interface Sizes {
  readonly warm: number
  readonly full: number
}

/**
 * {@link fillAndDrain} on a pool of ours that lives as long as the run.
 *
 * @param fill submits about as many jobs as it is told, and gives their number and that of their workflows.
 */
export async function drainOurs(
  room: Room,
  layout: Layout,
  sizes: Sizes,
  fill: (pool: OurPool, jobs: number) => Promise<{ jobs: number; workflows: number }>,
): Promise<Drained> {
  await using pool = await openOurs(room, layout)
  let workflows = 0
  const drained = await fillAndDrain(
    room,
    pool,
    async (jobs) => {
      const filled = await fill(pool, jobs)
      workflows += filled.workflows
      return filled.jobs
    },
    sizes,
  )
  await pool.verifyWorkflows(workflows)
  return drained
}

/** The same with raw BullMQ; `fill` gives the number of jobs. */
export async function drainRaw(
  room: Room,
  layout: Layout,
  sizes: Sizes,
  fill: (pool: RawPool, jobs: number) => Promise<number>,
): Promise<Drained> {
  await using pool = await openRaw(room, layout)
  return await fillAndDrain(room, pool, (jobs) => fill(pool, jobs), sizes)
}
