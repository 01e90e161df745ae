import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PlannedJob } from '../../src/workflow/plan.ts'
import { job, openRoom, plan, type Room } from './room.ts'

let room: Room
beforeAll(async () => {
  room = await openRoom({ concurrency: 50 })
})
afterAll(() => room.close())

const many = (count: number, make: (index: number) => PlannedJob) =>
  Array.from({ length: count }, (_, index) => make(index))

/** Layers of 200 jobs, each needing one to three of the layer before; the same for the same seed. */
function layered(layers: number, seed = 7): PlannedJob[] {
  let state = seed
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state % below
  }
  return many(layers * 200, (index) => {
    const layer = Math.floor(index / 200)
    const needs = layer === 0 ? [] : many(1 + random(3), () => job(`j${(layer - 1) * 200 + random(200)}`))
    return job(`j${index}`, [...new Set(needs.map(({ name }) => name))])
  })
}

describe('a workflow runs every job once, and none before its needs are recorded complete', () => {
  it.each([
    ['a diamond', [job('a'), job('b', ['a']), job('c', ['a']), job('d', ['b', 'c'])]],
    [
      'a fan-in of 1,000',
      [
        ...many(1_000, (i) => job(`j${i}`)),
        job(
          'sink',
          many(1_000, (i) => job(`j${i}`)).map((j) => j.name),
        ),
      ],
    ],
    ['a chain of 500', many(500, (i) => job(`j${i}`, i === 0 ? [] : [`j${i - 1}`]))],
    ['a fan-out of 3,000', [job('root'), ...many(3_000, (i) => job(`j${i}`, ['root']))]],
    ['a layered random DAG of 3,000 jobs', layered(15)],
    ['2,000 jobs without needs, loaded in several steps', many(2_000, (i) => job(`j${i}`))],
  ])('%s', async (_, jobs) => {
    room.started.length = 0
    const summary = await room.settled(await room.submit(plan(jobs)))
    expect(summary).toMatchObject({
      state: 'succeeded',
      jobs: { total: jobs.length, succeeded: jobs.length, waiting: 0 },
    })
    expect(room.started.toSorted()).toEqual(jobs.map(({ name }) => name).toSorted())
    expect(room.early).toEqual([])
    expect(await room.client.llen(room.keys.residue)).toBe(0)
  })

  it('jobs of equal urgency in the order in which they were written', async () => {
    const one = await openRoom({ concurrency: 1 })
    const names = many(5, (i) => job(`j${i}`))
    await one.settled(await one.submit(plan(names)))
    expect(one.started).toEqual(['j0', 'j1', 'j2', 'j3', 'j4'])
    await one.close()
  })

  it('across several queues', async () => {
    const wide = await openRoom({ queues: ['fetch', 'render'] })
    const jobs = [
      job('a', [], { queue: 'fetch' }),
      job('b', ['a'], { queue: 'render' }),
      job('c', ['a'], { queue: 'fetch' }),
      job('d', ['b', 'c'], { queue: 'render' }),
    ]
    expect(await wide.settled(await wide.submit(plan(jobs)))).toMatchObject({ state: 'succeeded' })
    expect(wide.early).toEqual([])
    await wide.close()
  })
})
