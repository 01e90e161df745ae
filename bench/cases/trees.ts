import { drainOurs, drainRaw } from '../pools/drains.ts'
import { type Drained, rate } from '../pools/measured.ts'
import { defineCase } from '../runner/case.ts'
import type { Room } from '../runner/room.ts'
import { oursSmall, submitted } from '../shapes/fill.ts'
import { flowTree } from '../shapes/flows.ts'
import { range } from '../shapes/payload.ts'
import { forest, tree } from '../shapes/workflows.ts'

const NODES = 4
/** What one `FlowProducer.addBulk` is given: one MULTI of a thousand jobs. */
const TREES_PER_CALL = 250

const sizes = (room: Room) => ({ warm: room.size(2_000, 80), full: room.size(10_000, 400) })
const figures = ({ jobs, fillMs, drainMs }: Drained) => ({ insert: rate(jobs, fillMs), process: rate(jobs, drainMs) })

const raw = async (room: Room) =>
  figures(
    await drainRaw(room, {}, sizes(room), async (pool, jobs) => {
      const trees = range(jobs / NODES).map(flowTree)
      await pool.addFlows(trees, TREES_PER_CALL)
      return trees.length * NODES
    }),
  )

export default [
  defineCase({
    name: 'trees',
    measures:
      'Trees of a root and three leaves, each a workflow; raw: the same trees with FlowProducer.addBulk, 250 a call.',
    rows: {
      insert: { what: 'trees of 4, each a workflow: inserted', unit: 'jobs/s', target: { of: 'ratio', atLeast: 1.6 } },
      process: { what: 'trees of 4, each a workflow: processed', unit: 'jobs/s', target: { of: 'ratio', atLeast: 1 } },
    },
    ours: async (room) => figures(await drainOurs(room, {}, sizes(room), oursSmall(tree))),
    raw,
  }),
  defineCase({
    name: 'forest',
    measures: 'The same trees, all of them in one workflow; raw: as before.',
    rows: {
      insert: { what: 'trees of 4 in one workflow: inserted', unit: 'jobs/s', target: { of: 'ratio', atLeast: 1.6 } },
      process: { what: 'trees of 4 in one workflow: processed', unit: 'jobs/s', target: { of: 'ratio', atLeast: 1 } },
    },
    ours: async (room) =>
      figures(await drainOurs(room, {}, sizes(room), (pool, jobs) => submitted(pool, [forest(jobs / NODES)]))),
    raw,
  }),
]
