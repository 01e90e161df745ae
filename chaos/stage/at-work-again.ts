import type { Pool } from './pool.ts'
import { work } from './workload.ts'

const JOBS = 32

/**
 * Which of these workers begin a job from now on. Workflow after workflow is submitted until each of them has begun one, for
 * this time at most: whoever is back first may take all jobs of the first.
 */
export async function atWorkAgain(pool: Pool, pids: readonly number[], withinMs: number): Promise<readonly number[]> {
  const since = Date.now()
  const seen = () => {
    const begun = pool.history().filter(({ kind, at }) => kind === 'started' && at >= since)
    return pids.filter((pid) => begun.some((entry) => entry.pid === pid))
  }
  const jobs = Array.from({ length: JOBS }, (_, index) => work(`j${index}`, [], { with: { ms: 50, fails: false } }))
  const ends = Object.fromEntries(jobs.map(({ name }) => [name, 'succeeded'] as const))
  for (let n = 0; seen().length < pids.length && Date.now() < since + withinMs; n++) {
    await pool.submit({ jobs, ends }, `again-${n}`)
    await pool.ended(since + withinMs - Date.now())
  }
  return seen()
}
