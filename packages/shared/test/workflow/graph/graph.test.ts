import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dependentsOf, findCycles, topologicalOrder } from '../../../src/index.ts'
import { type Dag, dags, shuffled } from '../dags.ts'

const jobs = (needs: Record<string, string[]>): Dag =>
  Object.entries(needs).map(([name, list]) => ({ name, needs: list }))

describe('topologicalOrder', () => {
  it('moves a job only to stand in front of one that needs it', () => {
    const order = topologicalOrder(jobs({ x: [], publish: ['b', 'a'], y: [], a: [], b: [], z: ['x'] }))
    expect(order.map((job) => job.name)).toEqual(['x', 'a', 'b', 'publish', 'y', 'z'])
  })

  it('leaves alone what is in order', () => {
    fc.assert(fc.property(dags, (dag) => void expect(topologicalOrder(dag)).toEqual(dag)))
  })

  it('lists every job once, after its needs', () => {
    fc.assert(
      fc.property(dags.chain(shuffled), (dag) => {
        const order = topologicalOrder(dag).map((job) => job.name)
        expect(order.toSorted()).toEqual(dag.map((job) => job.name).toSorted())
        for (const { name, needs } of dag)
          for (const need of needs) expect(order.indexOf(need)).toBeLessThan(order.indexOf(name))
      }),
    )
  })
})

describe('findCycles', () => {
  it('finds none in a diamond', () => {
    expect(findCycles(jobs({ fetch: [], resize: ['fetch'], scan: ['fetch'], publish: ['resize', 'scan'] }))).toEqual([])
  })

  it('tells one shortest path for every group of jobs that wait for each other', () => {
    const entangled = jobs({ a: ['b'], b: ['c'], c: ['a', 'b'], d: ['a'], e: ['e'], f: ['unknown', 'g'], g: ['f'] })
    expect(findCycles(entangled)).toEqual([
      ['a', 'b', 'c', 'a'],
      ['e', 'e'],
      ['f', 'g', 'f'],
    ])
  })

  it('finds nothing in any DAG, in any order', () => {
    fc.assert(fc.property(dags.chain(shuffled), (dag) => void expect(findCycles(dag)).toEqual([])))
  })

  it('finds the edge that closes a circle, and tells a path of real needs', () => {
    const closed = dags
      .filter((dag) => dag.some((job) => job.needs.length > 0))
      .chain((dag) =>
        fc.nat().map((seed) => {
          // from any job back to one that waits for it, however far away
          const dependents = dependentsOf(dag)
          const starts = dag.filter((job) => dependents.get(job.name)!.length > 0)
          const start = starts[seed % starts.length]!
          let end = start.name
          for (let next = dependents.get(end)!; next.length > 0; next = dependents.get(end)!)
            end = next[seed % next.length]!
          return dag.map((job) => (job.name === start.name ? { ...job, needs: [...job.needs, end] } : job))
        }),
      )
    fc.assert(
      fc.property(closed.chain(shuffled), (graph) => {
        const [cycle, ...others] = findCycles(graph)
        expect(others).toEqual([])
        expect(cycle!.at(0)).toBe(cycle!.at(-1))
        expect(new Set(cycle).size).toBe(cycle!.length - 1)
        for (const [index, name] of cycle!.slice(0, -1).entries()) {
          expect(graph.find((job) => job.name === name)!.needs).toContain(cycle![index + 1])
        }
      }),
    )
  })

  it('manages a circle of 10,000 jobs', () => {
    const circle = Array.from({ length: 10_000 }, (_, n) => ({ name: `j${n}`, needs: [`j${(n + 1) % 10_000}`] }))
    expect(findCycles(circle)[0]).toHaveLength(10_001)
  })
})

describe('dependentsOf', () => {
  it('turns the arrows round', () => {
    expect([...dependentsOf(jobs({ a: [], b: ['a'], c: ['a', 'b', 'unknown'] }))]).toEqual([
      ['a', ['b', 'c']],
      ['b', ['c']],
      ['c', []],
    ])
  })
})
