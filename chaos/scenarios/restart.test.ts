import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Violation } from '../checker/violation.ts'
import { openPool, type Pool } from '../stage/pool.ts'
import { type Server, serverProgram, startServer } from '../stage/server.ts'
import { layered, openRandom } from '../stage/workload.ts'

const RESTARTS = 3

describe.skipIf(!serverProgram)('a Redis with an append-only file, killed with kill -9 and started again', () => {
  let server: Server
  let pool: Pool
  let pids: readonly number[]
  let restartedAt: number
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
      await sleep(1_500)
      await server.restart(1_000)
      restartedAt = Date.now()
    }
    await pool.ended(60_000)
    violations = await pool.violations()
    pids = pids.filter((pid) => fleet.workers.some((worker) => worker.pid === pid))
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
    expect(pids).toHaveLength(2)
    expect(pool.history().filter(({ kind, at }) => kind === 'started' && at > restartedAt).length).toBeGreaterThan(50)
  })
})
