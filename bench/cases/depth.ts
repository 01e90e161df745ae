import { until } from '@millrace/shared/testing'
import { measured, rate } from '../pools/measured.ts'
import { openOurs } from '../pools/ours.ts'
import { completed, type Pool, untilCompleted, verify } from '../pools/pool.ts'
import { openRaw } from '../pools/raw.ts'
import { defineCase } from '../runner/case.ts'
import type { Room } from '../runner/room.ts'
import { oursIndependent, rawIndependent } from '../shapes/fill.ts'

/** Jobs that are submitted by one call of `fill`: half a million would fill the memory of this process. */
const STEP = 20_000

/** How fast jobs are worked off with few waiting behind them, and with very many. */
async function fewAndMany(room: Room, pool: Pool, fill: (jobs: number) => Promise<unknown>) {
  const [timed, few, many] = [room.size(10_000, 500), room.size(1_000, 100), room.size(500_000, 5_000)]
  let filled = 0
  const fillUpTo = async (total: number) => {
    for (; filled < total; filled += Math.min(STEP, total - filled)) await fill(Math.min(STEP, total - filled))
  }
  await fillUpTo(timed)
  await untilCompleted(pool, timed) // warm

  const drain = async (behind: number) => {
    await pool.pause()
    const before = await completed(pool)
    await fillUpTo(before + timed + behind)
    const { value, reports } = await measured(room, pool, async () => {
      const resumedMs = performance.now()
      await pool.resume()
      const ms = (await untilCompleted(pool, before + timed)) - resumedMs
      await pool.pause()
      await until(async () => (await pool.redis.llen(pool.key('active'))) === 0)
      return ms
    })
    await verify(pool, (await completed(pool)) - before, before, reports)
    return rate(timed, value)
  }
  const shallow = await drain(few)
  const deep = await drain(many)
  return { few: shallow, many: deep, relative: deep / shallow }
}

export default defineCase({
  name: 'depth',
  measures:
    'How fast 10,000 no-op jobs are worked off at concurrency 50 while 1,000 others wait, and while 500,000 others do.',
  rows: {
    few: { what: 'throughput with 1,000 jobs waiting', unit: 'jobs/s' },
    many: { what: 'throughput with 500,000 jobs waiting', unit: 'jobs/s' },
    relative: { what: '· with 500,000 / with 1,000', unit: '×', target: { of: 'ours', atLeast: 0.85 } },
  },
  async ours(room) {
    await using pool = await openOurs(room, {})
    return await fewAndMany(room, pool, (jobs) => oursIndependent(pool, jobs))
  },
  async raw(room) {
    await using pool = await openRaw(room, {})
    return await fewAndMany(room, pool, (jobs) => rawIndependent(pool, jobs))
  },
})
