import { until } from '@millrace/shared/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Violation } from '../checker/violation.ts'
import { begun } from '../history/begun.ts'
import { atWorkAgain } from '../stage/at-work-again.ts'
import { openPool, type Pool } from '../stage/pool.ts'
import { type Server, serverProgram, startServer } from '../stage/server.ts'
import { layered, openRandom } from '../stage/workload.ts'

const RESTARTS = 3

describe.skipIf(!serverProgram)('a Redis with an append-only file, killed with kill -9 and started again', () => {
  let server: Server
  let pool: Pool
  let pids: readonly number[]
  let backAtWork: readonly number[]
  let violations: Violation[]

  beforeAll(async () => {
    server = await startServer()
    pool = await openPool(server.url)
    const settings = { MILLRACE_LOCK: '2s', MILLRACE_STALLED_EVERY: '500ms', MILLRACE_MAX_STALLS: '100' }
    const fleet = pool.fleet(2, { settings, concurrency: 20 })
    await fleet.ready()
    pids = fleet.workers.map(({ pid }) => pid)
    await pool.submit(layered({ layers: 15, width: 100, mostMs: 700 }, openRandom('restart')), 'restart')
    for (let turn = 0; turn < RESTARTS; turn++) {
      await until(() => begun(pool.history()).length >= 100 * (turn + 1)) // of 1,500, if none is skipped
      await server.restart(1_000)
    }
    backAtWork = await atWorkAgain(pool, pids, 60_000)
    await pool.ended(60_000)
    violations = await pool.violations()
    await fleet.end()
  }, 120_000)
  afterAll(async () => {
    await pool?.close()
    await server?.close()
  })

  it('loses no job, and no result is recorded twice', () => {
    expect(violations).toEqual([])
  })

  it('is found again by workers that ran all the time', () => {
    expect(backAtWork).toEqual(pids)
  })
})
