import { drainOurs, drainRaw } from '../pools/drains.ts'
import { rate } from '../pools/measured.ts'
import { defineCase } from '../runner/case.ts'
import type { Room } from '../runner/room.ts'
import { oursSmall, rawIndependent } from '../shapes/fill.ts'
import { single } from '../shapes/workflows.ts'

const sizes = (room: Room) => ({ warm: room.size(2_000, 100), full: room.size(10_000, 500) })

export default defineCase({
  name: 'process-singles',
  measures: 'No-op jobs, each a workflow of its own, worked off by one process at concurrency 50; raw: plain jobs.',
  rows: { rate: { what: 'workflows of one job, concurrency 50', unit: 'jobs/s' } },
  async ours(room) {
    const { jobs, drainMs } = await drainOurs(room, {}, sizes(room), oursSmall(single))
    return { rate: rate(jobs, drainMs) }
  },
  async raw(room) {
    const { jobs, drainMs } = await drainRaw(room, {}, sizes(room), rawIndependent)
    return { rate: rate(jobs, drainMs) }
  },
})
