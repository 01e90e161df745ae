import { drainOurs, drainRaw } from '../pools/drains.ts'
import { defineCase } from '../runner/case.ts'
import type { Room } from '../runner/room.ts'
import { submitted } from '../shapes/fill.ts'
import { flowFanIn } from '../shapes/flows.ts'
import { payload } from '../shapes/payload.ts'
import { fanIn, fanOut } from '../shapes/workflows.ts'

const sizes = (room: Room) => ({ warm: room.size(500, 20), full: room.size(5_000, 200) })

export default [
  defineCase({
    name: 'fan-out',
    measures: 'One job that 5,000 others need, until all are done; raw: its processor adds them with addBulk.',
    rows: { time: { what: 'fan-out 1 → 5,000', unit: 'ms' } },
    ours: async (room) => ({
      time: (await drainOurs(room, {}, sizes(room), (pool, width) => submitted(pool, [fanOut(width)]))).drainMs,
    }),
    raw: async (room) => ({
      time: (
        await drainRaw(room, {}, sizes(room), async (pool, width) => {
          await pool.queue.add('fanOut', { ...payload(0), width })
          return width + 1
        })
      ).drainMs,
    }),
  }),
  defineCase({
    name: 'fan-in',
    measures: 'One job that needs 5,000 others, until all are done; raw: a flow of a root and 5,000 leaves.',
    rows: { time: { what: 'fan-in 5,000 → 1', unit: 'ms' } },
    ours: async (room) => ({
      time: (await drainOurs(room, {}, sizes(room), (pool, width) => submitted(pool, [fanIn(width)]))).drainMs,
    }),
    raw: async (room) => ({
      time: (
        await drainRaw(room, {}, sizes(room), async (pool, width) => {
          await pool.flows.add(flowFanIn(width))
          return width + 1
        })
      ).drainMs,
    }),
  }),
]
