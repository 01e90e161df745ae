import { begun } from '../history/begun.ts'
import type { Pool } from './pool.ts'
import { succeeding, work } from './workload.ts'

const JOBS = 32

/**
 * Which of these workers begin a job from now on. Workflow after workflow is submitted until each of them has begun one, for
 * this time at most: whoever is back first may take all jobs of the first.
 */
export async function atWorkAgain(pool: Pool, pids: readonly number[], withinMs: number): Promise<readonly number[]> {
  const from = Date.now()
  const seen = () => {
    const since = begun(pool.history()).filter(({ at }) => at >= from)
    return pids.filter((pid) => since.some((entry) => entry.pid === pid))
  }
  const jobs = Array.from({ length: JOBS }, (_, index) => work(`j${index}`, [], { with: { ms: 50, fails: false } }))
  for (let n = 0; seen().length < pids.length && Date.now() < from + withinMs; n++) {
    await pool.submit(succeeding(jobs), `again-${n}`)
    await pool.ended(from + withinMs - Date.now())
  }
  return seen()
}
