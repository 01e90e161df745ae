import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Violation } from '../checker/violation.ts'
import { begun } from '../history/begun.ts'
import { openPool, type Pool } from '../stage/pool.ts'
import { layered, openRandom } from '../stage/workload.ts'

const [KILL_EVERY_MS, MOST_KILLS] = [350, 60]

describe('three workers, one of them killed with kill -9 every 350 ms, and 3,000 jobs some of which fail', () => {
  let pool: Pool
  let kills = 0
  let violations: Violation[]

  beforeAll(async () => {
    pool = await openPool()
    const settings = { MILLRACE_LOCK: '1s', MILLRACE_STALLED_EVERY: '500ms', MILLRACE_MAX_STALLS: '100' }
    const fleet = pool.fleet(3, { settings, concurrency: 20 })
    const killing = setInterval(() => {
      // one that still starts has nothing to lose; and in the end it must be seen to end
      if (kills < MOST_KILLS && fleet.signal('SIGKILL')) kills++
    }, KILL_EVERY_MS)
    try {
      await pool.submit(layered({ layers: 15, width: 200, mostMs: 30 }, openRandom('kill')), 'kill')
      await pool.ended(240_000)
    } finally {
      clearInterval(killing)
      await fleet.end()
    }
    violations = await pool.violations()
  }, 250_000)
  afterAll(() => pool?.close())

  it('lose no job, record none twice, and run none before its needs', () => {
    expect(kills).toBeGreaterThan(5)
    expect(violations).toEqual([])
  })

  it('ran jobs that were killed in the middle again', () => {
    const started = begun(pool.history())
    expect(started.length).toBeGreaterThan(new Set(started.map(({ job }) => job)).size)
  })
})
