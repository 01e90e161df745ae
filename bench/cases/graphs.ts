import type { WorkflowDefinition } from '@millrace/shared'
import { drainOurs, drainRaw } from '../pools/drains.ts'
import { rate } from '../pools/measured.ts'
import { defineCase } from '../runner/case.ts'
import type { Room } from '../runner/room.ts'
import { rawIndependent, submitted } from '../shapes/fill.ts'
import { range } from '../shapes/payload.ts'
import { diamond, layered } from '../shapes/workflows.ts'

interface Graph {
  readonly name: string
  readonly what: string
  readonly measures: string
  readonly sizes: (room: Room) => { warm: number; full: number }
  readonly make: (jobs: number) => WorkflowDefinition[]
}

const GRAPHS: Graph[] = [
  {
    name: 'diamonds',
    what: '1,000 diamonds, each a workflow',
    measures: '1,000 diamonds (a; b and c; d) at concurrency 50; raw: as many independent jobs.',
    sizes: (room) => ({ warm: room.size(2_000, 80), full: room.size(4_000, 400) }),
    make: (jobs) => range(jobs / 4).map(diamond),
  },
  {
    name: 'layered',
    what: 'random DAG of 10,000 jobs in 20 layers',
    measures: 'One random DAG in 20 layers, one to three needs each, at concurrency 50; raw: as many independent jobs.',
    sizes: (room) => ({ warm: room.size(2_000, 80), full: room.size(10_000, 400) }),
    make: (jobs) => [layered(jobs)],
  },
]

export default GRAPHS.map(({ name, what, measures, sizes, make }) =>
  defineCase({
    name,
    measures,
    rows: {
      insert: { what: `${what}: inserted / independent jobs`, unit: 'jobs/s' },
      process: {
        what: `${what}: processed / independent jobs`,
        unit: 'jobs/s',
        target: { of: 'ratio', atLeast: 0.9 },
      },
    },
    async ours(room) {
      const drained = await drainOurs(room, {}, sizes(room), (pool, jobs) => submitted(pool, make(jobs)))
      return { insert: rate(drained.jobs, drained.fillMs), process: rate(drained.jobs, drained.drainMs) }
    },
    async raw(room) {
      const drained = await drainRaw(room, {}, sizes(room), rawIndependent)
      return { insert: rate(drained.jobs, drained.fillMs), process: rate(drained.jobs, drained.drainMs) }
    },
  }),
)
