import { describe, expect, it } from 'vitest'
import { boundOf, scaleTo } from '../../traces/bound.ts'
import type { Trace } from '../../traces/trace.ts'

const fork: Trace = {
  name: 'fork',
  jobs: [
    { id: 'last', needs: ['long', 'short'], seconds: 1 },
    { id: 'long', needs: ['first'], seconds: 4 },
    { id: 'short', needs: ['first'], seconds: 3 },
    { id: 'first', needs: [], seconds: 2 },
  ],
}

describe('the lower bound of a trace', () => {
  it('is the longest path when there are slots enough', () => {
    expect(boundOf(fork, 2)).toEqual({ longestPath: 7, work: 10, lowerBound: 7, floor: 7 })
  })

  it('is the work when there are not', () => {
    expect(boundOf(fork, 1)).toEqual({ longestPath: 7, work: 10, lowerBound: 10, floor: 10 })
  })

  it('is scaled to a wanted time', () => {
    expect(scaleTo(20, boundOf(fork, 1))).toBe(2)
    expect(scaleTo(20, { lowerBound: 0 })).toBe(1)
  })
})
