import { LEVELS } from '@millrace/shared'
import { drainOurs, drainRaw } from '../pools/drains.ts'
import { rate } from '../pools/measured.ts'
import { defineCase } from '../runner/case.ts'
import type { Room } from '../runner/room.ts'
import { oursIndependent, rawIndependent, submitted } from '../shapes/fill.ts'
import { payload, range } from '../shapes/payload.ts'
import { independent } from '../shapes/workflows.ts'

const sizes = (room: Room) => ({ warm: room.size(2_000, 100), full: room.size(10_000, 500) })
const levelOf = (n: number) => n % LEVELS.length

export default defineCase({
  name: 'process-prioritized',
  measures:
    'No-op jobs of five priorities in turn, worked off by one process at concurrency 50, and beside it the same jobs of one priority (raw: of none).',
  rows: {
    rate: { what: 'jobs of five priorities, concurrency 50', unit: 'jobs/s' },
    relative: { what: '· relative to jobs of one priority', unit: '×' },
  },
  async ours(room) {
    const plain = await drainOurs(room, {}, sizes(room), oursIndependent)
    const mixed = await drainOurs(room, {}, sizes(room), (pool, jobs) => {
      const job = (n: number) => ({ task: 'bench.noop', with: payload(n), priority: LEVELS[levelOf(n)] ?? 'normal' })
      return submitted(pool, independent(jobs, job))
    })
    return { rate: rate(mixed.jobs, mixed.drainMs), relative: plain.drainMs / mixed.drainMs }
  },
  async raw(room) {
    const plain = await drainRaw(room, {}, sizes(room), rawIndependent)
    const mixed = await drainRaw(room, {}, sizes(room), async (pool, jobs) => {
      await pool.addBulk(
        range(jobs).map((n) => ({ name: 'noop', data: payload(n), opts: { priority: levelOf(n) + 1 } })),
      )
      return jobs
    })
    return { rate: rate(mixed.jobs, mixed.drainMs), relative: plain.drainMs / mixed.drainMs }
  },
})
