import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placesOf } from '../../src/scheduling/places.ts'
import { DEFAULT_WEIGHTS, withWeights } from '../../src/scheduling/weights.ts'
import type { PlannedJob } from '../../src/workflow/plan.ts'
import { job } from '../engine/room.ts'
import { listSchedule } from './list-scheduler.ts'

const options = { scheduling: 'critical-path', estimates: new Map(), weights: DEFAULT_WEIGHTS } as const
const places = (jobs: readonly PlannedJob[], rest = {}) => placesOf(jobs, { ...options, ...rest })
const inOrder = (jobs: readonly PlannedJob[], rest = {}) => {
  const { of } = places(jobs, rest)
  return jobs.map(({ name }) => name).sort((a, b) => of(a) - of(b))
}
const takes = (name: string, estimateMs: number, needs: string[] = [], rest: Partial<PlannedJob> = {}) =>
  job(name, needs, { estimateMs, ...rest })

/** Layers of `width` jobs; each needs some of the layer before. Some jobs take 20 times as long as others. */
function layered(seed: number, layers: number, width: number): PlannedJob[] {
  let state = seed
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
  return Array.from({ length: layers * width }, (_, index) => {
    const layer = Math.floor(index / width)
    const count = layer === 0 ? 0 : 1 + random(3)
    const needs = new Set(Array.from({ length: count }, () => `j${(layer - 1) * width + random(width)}`))
    return takes(`j${index}`, random(10) === 0 ? 2_000 + random(2_000) : 100 + random(100), [...needs])
  })
}

describe('the place of a job in its workflow', () => {
  it('is the nearer to the front, the longer the way from it to the end', () => {
    const jobs = [takes('short', 10), takes('long', 10), takes('then', 500, ['long']), takes('big', 200)]
    expect(inOrder(jobs)).toEqual(['long', 'then', 'big', 'short'])
  })

  it('counts jobs when nothing is known of their time', () => {
    const jobs = [job('alone'), job('a'), job('b', ['a']), job('c', ['b'])]
    expect(inOrder(jobs)).toEqual(['a', 'b', 'alone', 'c'])
  })

  it('takes what the pool has measured where the author says nothing, and the median of the others where nobody does', () => {
    const jobs = [job('fast', [], { task: 'fast' }), job('new', [], { task: 'new' }), job('slow', [], { task: 'slow' })]
    const estimates = new Map([
      ['fast', 10],
      ['slow', 900],
      ['unused', 5],
    ])
    expect(inOrder(jobs, { estimates })[0]).toBe('new') // the median of 10 and 900 is the upper one
    expect(inOrder([takes('fast', 5_000), ...jobs.slice(2)], { estimates })[0]).toBe('fast')
  })

  it('comes from type and complexity among jobs that are about as far from the end', () => {
    const typed = ['test', 'schema', 'security'].map((type) => takes(type, 100, [], { type }))
    expect(inOrder(typed)).toEqual(['security', 'schema', 'test'])
    const levels = ['simple', 'medium', 'complex', 'meta'] as const
    const thought = levels.map((complexity) => takes(complexity, 100, [], { complexity }))
    expect(inOrder(thought)).toEqual(['meta', 'complex', 'medium', 'simple'])
  })

  it('does not come from them where the way to the end is much longer', () => {
    const jobs = [
      takes('audit', 100, [], { type: 'security', complexity: 'meta' }),
      takes('build', 200, [], { type: 'test' }),
    ]
    expect(inOrder(jobs)).toEqual(['build', 'audit'])
  })

  it('comes from how many jobs need it, among equals', () => {
    const jobs = [takes('one', 100), takes('two', 100), takes('x', 50, ['one', 'two']), takes('y', 50, ['two'])]
    expect(inOrder(jobs).slice(0, 2)).toEqual(['two', 'one'])
  })

  it('follows the table that users configure', () => {
    const jobs = [takes('a', 100, [], { type: 'security' }), takes('b', 100, [], { type: 'billing' })]
    expect(inOrder(jobs)).toEqual(['a', 'b'])
    expect(inOrder(jobs, { weights: withWeights({ type: { billing: 50_000 } }) })).toEqual(['b', 'a'])
  })

  it('is the same for all with fifo', () => {
    const jobs = layered(1, 4, 10)
    const { of } = places(jobs, { scheduling: 'fifo' })
    expect(new Set(jobs.map(({ name }) => of(name)))).toEqual(new Set([0]))
  })

  it('is one of its own in a workflow of up to 256 jobs, and never beyond a quarter of the jobs in a large one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), (count) => {
        const jobs = Array.from({ length: count }, (_, index) => takes(`j${index}`, index))
        const { of } = places(jobs)
        const taken = jobs.map(({ name }) => of(name))
        if (count <= 256) expect(new Set(taken).size).toBe(count)
        expect(Math.max(...taken)).toBeLessThan(Math.max(256, count / 4))
        expect(Math.min(...taken)).toBe(0)
      }),
      { numRuns: 20 },
    )
  })
})

describe('sixteen slots that take jobs by their places', () => {
  const slots = 16
  const cases = Array.from({ length: 30 }, (_, seed) => layered(seed + 1, 12, 20 + 4 * (seed % 10)))

  it('end layered workflows close to the bound that no schedule can beat, and sooner than in the order of arrival', () => {
    let byPlace = 0
    let byArrival = 0
    let worst = 0
    for (const jobs of cases) {
      const fast = listSchedule(jobs, slots, places(jobs).of)
      const fifo = listSchedule(jobs, slots, () => 0)
      worst = Math.max(worst, fast.makespan / fast.bound)
      byPlace += fast.makespan / fast.bound
      byArrival += fifo.makespan / fifo.bound
    }
    expect(worst).toBeLessThanOrEqual(1.05)
    expect(byArrival).toBeGreaterThan(byPlace * 1.03)
  })
})
