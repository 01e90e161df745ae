import { drainOurs, drainRaw } from '../pools/drains.ts'
import { defineCase } from '../runner/case.ts'
import type { Room } from '../runner/room.ts'
import { submitted } from '../shapes/fill.ts'
import { range } from '../shapes/payload.ts'
import { independent } from '../shapes/workflows.ts'

const MS = 100
const SLOTS = 500

const layout = { concurrency: SLOTS }
const sizes = (room: Room) => ({ warm: room.size(2_000, 500), full: room.size(10_000, 2_000) })
const idealMs = (jobs: number) => Math.ceil(jobs / SLOTS) * MS

export default defineCase({
  name: 'sleepers',
  measures: `Jobs that wait ${MS} ms, in one worker with ${SLOTS} slots: the time they take, divided by the time they would take if nothing but the waiting did.`,
  rows: {
    ideal: {
      what: `10,000 jobs of ${MS} ms, ${SLOTS} slots: time / ideal`,
      unit: '×',
      target: { of: 'ours', atMost: 1.1 },
    },
  },
  async ours(room) {
    const { jobs, drainMs } = await drainOurs(room, layout, sizes(room), (pool, count) =>
      submitted(
        pool,
        independent(count, () => ({ task: 'bench.sleep', with: { ms: MS } })),
      ),
    )
    return { ideal: drainMs / idealMs(jobs) }
  },
  async raw(room) {
    const { jobs, drainMs } = await drainRaw(room, layout, sizes(room), async (pool, count) => {
      await pool.addBulk(range(count).map(() => ({ name: 'sleep', data: { ms: MS } })))
      return count
    })
    return { ideal: drainMs / idealMs(jobs) }
  },
})
