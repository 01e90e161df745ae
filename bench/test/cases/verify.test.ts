import { describe, expect, it } from 'vitest'
import { openOurs } from '../../pools/ours.ts'
import { untilCompleted, verify } from '../../pools/pool.ts'
import { independent } from '../../shapes/workflows.ts'
import { openTestRoom } from '../room.ts'

describe('a measured pool', () => {
  it('tells when a job is missing, or one ran twice', async () => {
    using room = openTestRoom()
    await using pool = await openOurs(room, {})
    await pool.submitAll(independent(3))
    await untilCompleted(pool, 3)
    const reports = await Promise.all(pool.workers.map((worker) => worker.report()))
    await verify(pool, 3, 0, reports)
    await expect(verify(pool, 4, 0, reports)).rejects.toThrow('expected 4 jobs, each run once; 3 succeeded')
    await expect(verify(pool, 3, 0, [...reports, ...reports])).rejects.toThrow('handlers ran 6 times')
    await expect(untilCompleted(pool, 4, 50)).rejects.toThrow('3 of 4 jobs have ended')
  })

  it('tells at once when a worker ends by itself', async () => {
    using room = openTestRoom()
    await using pool = await openOurs(room)
    await expect(pool.startWorkers({ concurrency: 100_000 })).rejects.toThrow('MILLRACE_CONCURRENCY')
  })
})
