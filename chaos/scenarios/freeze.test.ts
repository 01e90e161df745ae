import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Violation } from '../checker/violation.ts'
import { openPool, type Pool } from '../stage/pool.ts'
import { layered, openRandom } from '../stage/workload.ts'

const [LOCK_MS, FROZEN_MS, FREEZES] = [1_000, 2_500, 5]

describe('three workers, one of them frozen for 2.5 times its lock, again and again', () => {
  let pool: Pool
  let violations: Violation[]

  beforeAll(async () => {
    pool = await openPool()
    const settings = { MILLRACE_LOCK: `${LOCK_MS}ms`, MILLRACE_STALLED_EVERY: '300ms', MILLRACE_MAX_STALLS: '100' }
    const fleet = pool.fleet(3, { settings, concurrency: 20 })
    await fleet.ready()
    await pool.submit(layered({ layers: 12, width: 100, mostMs: 1_200 }, openRandom('freeze')), 'freeze')
    for (let turn = 0; turn < FREEZES; turn++) {
      await sleep(300)
      const frozen = fleet.signal('SIGSTOP', fleet.workers[turn % 3])
      await sleep(FROZEN_MS)
      fleet.signal('SIGCONT', frozen)
    }
    await pool.ended(60_000)
    await sleep(500) // what was thawed last may still try
    violations = await pool.violations()
    await fleet.end()
  }, 120_000)
  afterAll(() => pool?.close())

  it('lose no job and record none twice; what the frozen one did when it woke up changed nothing', () => {
    expect(violations).toEqual([])
  })

  it('told handlers that were frozen that their jobs were lost', () => {
    const lost = pool.history().filter(({ code }) => code === 'MILLRACE_LOCK_LOST')
    const again = new Set(
      pool
        .history()
        .filter(({ token }) => token > 1)
        .map(({ job }) => job),
    )
    expect(lost.filter(({ job }) => again.has(job)).length).toBeGreaterThan(FREEZES)
  })
})
