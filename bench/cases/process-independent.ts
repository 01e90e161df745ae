import { drainOurs, drainRaw } from '../pools/drains.ts'
import { type Drained, rate } from '../pools/measured.ts'
import { defineCase } from '../runner/case.ts'
import { oursIndependent, rawIndependent } from '../shapes/fill.ts'

/** Concurrency of a worker, how many of them, jobs of a run, and the least ratio that is good enough. */
const LEVELS = [
  { concurrency: 1, processes: 1, full: 6_000, target: 0.95 },
  { concurrency: 10, processes: 1, full: 15_000, target: undefined },
  { concurrency: 50, processes: 1, full: 20_000, target: 1.3 },
  { concurrency: 200, processes: 1, full: 20_000, target: 1.6 },
  { concurrency: 50, processes: 2, full: 20_000, target: undefined },
]

const figures = ({ jobs, drainMs, workerCpuMs, redisCpuMs }: Drained) => ({
  rate: rate(jobs, drainMs),
  worker: (workerCpuMs * 1_000) / jobs,
  redis: (redisCpuMs * 1_000) / jobs,
})

export default LEVELS.map(({ concurrency, processes, full, target }) => {
  const workers = processes === 1 ? 'one worker process' : `${processes} worker processes`
  return defineCase({
    name: `process-independent-${processes}x${concurrency}`,
    measures: `No-op jobs that need nothing, added while the queue is paused, then worked off by ${workers} at concurrency ${concurrency}.`,
    rows: {
      rate: {
        what: `independent no-op jobs, ${processes} × concurrency ${concurrency}`,
        unit: 'jobs/s',
        ...(target && { target: { of: 'ratio', atLeast: target } }),
      },
      worker: { what: '· CPU time of the workers', unit: 'µs/job' },
      redis: { what: '· CPU time of Redis', unit: 'µs/job' },
    },
    ours: async (room) =>
      figures(
        await drainOurs(
          room,
          { concurrency, processes },
          { warm: room.size(2_000, 100), full: room.size(full, 500) },
          oursIndependent,
        ),
      ),
    raw: async (room) =>
      figures(
        await drainRaw(
          room,
          { concurrency, processes },
          { warm: room.size(2_000, 100), full: room.size(full, 500) },
          rawIndependent,
        ),
      ),
  })
})
