import type { Drained } from '../pools/measured.ts'
import { fillAndDrain, rate } from '../pools/measured.ts'
import { openOurs } from '../pools/ours.ts'
import { openRaw } from '../pools/raw.ts'
import { defineCase } from '../runner/case.ts'
import { plain } from '../shapes/flows.ts'
import { independent } from '../shapes/workflows.ts'

/** Concurrency of the worker, jobs of a run, and the least ratio that is good enough. */
const LEVELS = [
  { concurrency: 1, full: 6_000, target: 0.95 },
  { concurrency: 10, full: 15_000, target: undefined },
  { concurrency: 50, full: 20_000, target: 1.3 },
  { concurrency: 200, full: 20_000, target: 1.6 },
]

const figures = ({ jobs, drainMs, workerCpuMs, redisCpuMs }: Drained) => ({
  rate: rate(jobs, drainMs),
  worker: (workerCpuMs * 1_000) / jobs,
  redis: (redisCpuMs * 1_000) / jobs,
})

export default LEVELS.map(({ concurrency, full, target }) =>
  defineCase({
    name: `process-independent-${concurrency}`,
    measures: `No-op jobs that need nothing, added while the queue is paused, then worked off by one process at concurrency ${concurrency}.`,
    rows: {
      rate: {
        what: `independent no-op jobs, concurrency ${concurrency}`,
        unit: 'jobs/s',
        ...(target && { target: { of: 'ratio', atLeast: target } }),
      },
      worker: { what: '· CPU time of the worker', unit: 'µs/job' },
      redis: { what: '· CPU time of Redis', unit: 'µs/job' },
    },
    async ours(room) {
      await using pool = await openOurs(room, { concurrency })
      const fill = async (size: number) => {
        await pool.submitAll(independent(size))
        return size
      }
      return figures(await fillAndDrain(room, pool, fill, { warm: room.size(2_000, 100), full: room.size(full, 500) }))
    },
    async raw(room) {
      await using pool = await openRaw(room, { concurrency })
      const fill = async (size: number) => {
        await pool.addBulk(plain(size))
        return size
      }
      return figures(await fillAndDrain(room, pool, fill, { warm: room.size(2_000, 100), full: room.size(full, 500) }))
    },
  }),
)
