import { describe, expect, it } from 'vitest'
import { criticalPath, upwardRanks } from '../../src/scheduling/ranks.ts'

const node = (name: string, ms: number, ...needs: string[]) => ({ name, ms, needs })
const ms = (job: { ms: number }) => job.ms

describe('the upward rank of a job', () => {
  it('is its duration and that of the longest way behind it', () => {
    const jobs = [node('a', 1), node('b', 10, 'a'), node('c', 2, 'a'), node('d', 5, 'b', 'c')]
    expect(Object.fromEntries(upwardRanks(jobs, ms))).toEqual({ a: 16, b: 15, c: 7, d: 5 })
  })
})

describe('the critical path', () => {
  it('is the longest way through the workflow, with its length', () => {
    const jobs = [node('a', 1), node('b', 10, 'a'), node('c', 2, 'a'), node('d', 5, 'b', 'c'), node('e', 14)]
    expect(criticalPath(jobs, ms)).toEqual({ jobs: ['a', 'b', 'd'], length: 16 })
  })

  it('is the first of equals, and empty without jobs', () => {
    expect(criticalPath([node('a', 1), node('b', 1)], ms).jobs).toEqual(['a'])
    expect(criticalPath([], ms)).toEqual({ jobs: [], length: 0 })
  })

  it('may be as long as a workflow', () => {
    const chain = Array.from({ length: 10_000 }, (_, i) => node(`j${i}`, 1, ...(i === 0 ? [] : [`j${i - 1}`])))
    expect(criticalPath(chain, ms).length).toBe(10_000)
  })
})
