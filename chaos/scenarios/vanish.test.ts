import { until } from '@millrace/shared/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Violation } from '../checker/violation.ts'
import { openPool, type Pool } from '../stage/pool.ts'
import { succeeding, work } from '../stage/workload.ts'

const DEFAULT_LOCK_MS = 10_000
const JOBS = 8

describe('the jobs of a worker that vanishes, with the default settings', () => {
  let pool: Pool
  let waitsMs: number[]
  let violations: Violation[]

  beforeAll(async () => {
    pool = await openPool()
    const vanishing = pool.fleet(1, { concurrency: JOBS })
    await vanishing.ready()
    const jobs = Array.from({ length: JOBS }, (_, n) => work(`j${n}`, [], { with: { ms: [120_000, 0] } }))
    await pool.submit(succeeding(jobs), 'vanish')
    await until(() => pool.history().length === JOBS)
    await pool.fleet(1).ready()
    vanishing.signal('SIGKILL')
    const vanishedAt = Date.now()
    await pool.ended(60_000)
    waitsMs = pool
      .history()
      .flatMap(({ kind, token, at }) => (kind === 'started' && token > 1 ? [at - vanishedAt] : []))
    violations = await pool.violations()
  }, 90_000)
  afterAll(() => pool?.close())

  it('begin again within twice the lock time', () => {
    console.log(`vanish: the jobs began again after ${Math.min(...waitsMs)} to ${Math.max(...waitsMs)} ms`)
    expect(waitsMs).toHaveLength(JOBS)
    expect(Math.max(...waitsMs)).toBeLessThan(2 * DEFAULT_LOCK_MS)
  })

  it('are all done, once', () => {
    expect(violations).toEqual([])
  })
})
