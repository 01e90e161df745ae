import { measured } from '../pools/measured.ts'
import { openOurs } from '../pools/ours.ts'
import { untilCompleted, verify } from '../pools/pool.ts'
import { openRaw } from '../pools/raw.ts'
import { defineCase } from '../runner/case.ts'
import { payload, range } from '../shapes/payload.ts'
import { diamond } from '../shapes/workflows.ts'

const NODES = 4

export default defineCase({
  name: 'diamonds-end-to-end',
  measures:
    'From the first submission to the end of 1,000 diamonds; raw: a flow is a tree, so the processor of a adds d with its children b and c.',
  rows: {
    time: { what: '1,000 diamonds from submission to end', unit: 'ms', target: { of: 'ratio', atMost: 0.6 } },
  },
  async ours(room) {
    await using pool = await openOurs(room, {})
    const [warm, full] = [room.size(500, 20), room.size(1_000, 100)]
    await pool.submitAll(range(warm).map(diamond))
    await untilCompleted(pool, warm * NODES)
    const { value, reports } = await measured(room, pool, async () => {
      const beganMs = performance.now()
      await pool.submitAll(range(full).map(diamond))
      return (await untilCompleted(pool, (warm + full) * NODES)) - beganMs
    })
    await verify(pool, full * NODES, warm * NODES, reports)
    await pool.verifyWorkflows(warm + full)
    return { time: value }
  },
  async raw(room) {
    await using pool = await openRaw(room, {})
    const [warm, full] = [room.size(500, 20), room.size(1_000, 100)]
    const diamonds = (count: number) => range(count).map((n) => ({ name: 'diamond', data: payload(n) }))
    await pool.addBulk(diamonds(warm))
    await untilCompleted(pool, warm * NODES)
    const { value, reports } = await measured(room, pool, async () => {
      const beganMs = performance.now()
      await pool.addBulk(diamonds(full))
      return (await untilCompleted(pool, (warm + full) * NODES)) - beganMs
    })
    await verify(pool, full * NODES, warm * NODES, reports)
    return { time: value }
  },
})
