import { measured } from '../pools/measured.ts'
import { openOurs } from '../pools/ours.ts'
import { atPace } from '../pools/pace.ts'
import { type Pool, samplesOf, untilCompleted, verify } from '../pools/pool.ts'
import { openRaw } from '../pools/raw.ts'
import { defineCase } from '../runner/case.ts'
import type { Room } from '../runner/room.ts'
import { percentile } from '../runner/statistics.ts'
import { machineMs } from '../workers/tally.ts'

const WARM_SECONDS = 3
const SECONDS = 8

async function latencies(room: Room, pool: Pool, perSecond: number, send: () => Promise<unknown>) {
  const warmed = await atPace(perSecond, room.size(WARM_SECONDS, 0.5), send)
  await untilCompleted(pool, warmed)
  const { value: jobs, reports } = await measured(room, pool, async () => {
    const sent = await atPace(perSecond, room.size(SECONDS, 0.5), send)
    await untilCompleted(pool, warmed + sent)
    return sent
  })
  await verify(pool, jobs, warmed, reports)
  const samples = samplesOf(reports, 'latency')
  return { p50: percentile(samples, 0.5), p99: percentile(samples, 0.99) }
}

export default [200, 1_000].map((perSecond) =>
  defineCase({
    name: `latency-${perSecond}`,
    measures: `From the call that adds a job to the start of its handler, at a steady ${perSecond} jobs/s after ${WARM_SECONDS} s to warm up; ours: a workflow of one job.`,
    rows: {
      p50: { what: `add → start at ${perSecond} jobs/s, median`, unit: 'ms' },
      p99: {
        what: `add → start at ${perSecond} jobs/s, 99th percentile`,
        unit: 'ms',
        ...(perSecond === 1_000 && { target: { of: 'ratio', atMost: 1.1 } }),
      },
    },
    async ours(room) {
      await using pool = await openOurs(room, {})
      return await latencies(room, pool, perSecond, () =>
        pool.producer.submit({
          name: 'stamp',
          jobs: { only: { task: 'bench.stamp', with: { addedMs: machineMs() } } },
        }),
      )
    },
    async raw(room) {
      await using pool = await openRaw(room, {})
      return await latencies(room, pool, perSecond, () => pool.queue.add('stamp', { addedMs: machineMs() }))
    },
  }),
)
