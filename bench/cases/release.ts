import { measured } from '../pools/measured.ts'
import { openOurs } from '../pools/ours.ts'
import { atPace } from '../pools/pace.ts'
import { type Pool, samplesOf, untilCompleted, verify } from '../pools/pool.ts'
import { node, openRaw } from '../pools/raw.ts'
import { defineCase } from '../runner/case.ts'
import type { Room } from '../runner/room.ts'
import { percentile } from '../runner/statistics.ts'

const PAIRS_PER_SECOND = 100

async function releases(room: Room, pool: Pool, send: () => Promise<unknown>) {
  const warmed = 2 * (await atPace(PAIRS_PER_SECOND, room.size(3, 0.5), send))
  await untilCompleted(pool, warmed)
  const { value: jobs, reports } = await measured(room, pool, async () => {
    const sent = 2 * (await atPace(PAIRS_PER_SECOND, room.size(8, 0.5), send))
    await untilCompleted(pool, warmed + sent)
    return sent
  })
  await verify(pool, jobs, warmed, reports)
  const samples = samplesOf(reports, 'release')
  if (samples.length !== jobs / 2)
    throw new Error(`expected ${jobs / 2} releases to be measured, not ${samples.length}`)
  return { p50: percentile(samples, 0.5), p99: percentile(samples, 0.99) }
}

export default defineCase({
  name: 'release',
  measures: `From the end of the last need to the start of the job that needs it, ${PAIRS_PER_SECOND} pairs a second; raw: child and parent of a flow.`,
  rows: {
    p50: { what: 'release of a dependent, median', unit: 'ms' },
    p99: { what: 'release of a dependent, 99th percentile', unit: 'ms' },
  },
  async ours(room) {
    await using pool = await openOurs(room, {})
    return await releases(room, pool, () =>
      pool.producer.submit({
        name: 'pair',
        jobs: {
          first: { task: 'bench.relay', with: null },
          second: { task: 'bench.relay', needs: 'first', with: '${{ needs.first.output }}' },
        },
      }),
    )
  },
  async raw(room) {
    await using pool = await openRaw(room, {})
    return await releases(room, pool, () => pool.flows.add(node('relay', { child: true }, [node('relay', {})])))
  },
})
