import { drainOurs, drainRaw } from '../pools/drains.ts'
import { defineCase } from '../runner/case.ts'
import type { Room } from '../runner/room.ts'
import { submitted } from '../shapes/fill.ts'
import { flowChain } from '../shapes/flows.ts'
import { chain } from '../shapes/workflows.ts'

const sizes = (room: Room) => ({ warm: room.size(200, 20), full: room.size(1_000, 100) })

export default defineCase({
  name: 'chain',
  measures: 'One chain in which each job needs the one before; raw: the same chain, nested by FlowProducer.',
  rows: { hop: { what: 'chain of 1,000, per hop', unit: 'ms', target: { of: 'ratio', atMost: 1.1 } } },
  async ours(room) {
    const { jobs, drainMs } = await drainOurs(room, {}, sizes(room), (pool, length) => submitted(pool, [chain(length)]))
    return { hop: drainMs / jobs }
  },
  async raw(room) {
    const { jobs, drainMs } = await drainRaw(room, {}, sizes(room), async (pool, length) => {
      await pool.flows.add(flowChain(length))
      return length
    })
    return { hop: drainMs / jobs }
  },
})
