import { drainOurs, drainRaw } from '../pools/drains.ts'
import { rate } from '../pools/measured.ts'
import { defineCase } from '../runner/case.ts'
import { oursIndependent, rawIndependent, submitted } from '../shapes/fill.ts'
import { payload } from '../shapes/payload.ts'
import { independent } from '../shapes/workflows.ts'

const LAYOUT = { concurrency: 50, processes: 1 }

export default defineCase({
  name: 'policies',
  measures:
    'No-op jobs of a task under every policy (two breakers, two bulkheads, time limits, retries) beside those of a task under none.',
  rows: {
    none: { what: 'independent no-op jobs, no policies', unit: 'jobs/s' },
    all: {
      what: 'the same under every policy; raw: under none',
      unit: 'jobs/s',
      target: { of: 'ratio', atLeast: 0.95 },
    },
    cost: {
      what: 'what the policies cost, of raw throughput',
      unit: 'jobs/s',
      target: { of: 'ratio', atMost: 0.05 },
    },
  },
  async ours(room) {
    const sizes = { warm: room.size(2_000, 100), full: room.size(20_000, 500) }
    const guarded = (n: number) => ({ task: 'bench.guarded', with: payload(n) })
    const plain = await drainOurs(room, LAYOUT, sizes, oursIndependent)
    const under = await drainOurs(room, LAYOUT, sizes, (pool, jobs) => submitted(pool, independent(jobs, guarded)))
    const [none, all] = [rate(plain.jobs, plain.drainMs), rate(under.jobs, under.drainMs)]
    return { none, all, cost: none - all }
  },
  async raw(room) {
    const sizes = { warm: room.size(2_000, 100), full: room.size(20_000, 500) }
    const { jobs, drainMs } = await drainRaw(room, LAYOUT, sizes, rawIndependent)
    const raw = rate(jobs, drainMs)
    return { none: raw, all: raw, cost: raw }
  },
})
