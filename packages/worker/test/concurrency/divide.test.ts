import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { divideSlots } from '../../src/concurrency/divide.ts'

const queue = (active: number, hungry = true) => ({ active, hungry })

describe('the slots of a worker', () => {
  it.each([
    [
      'go to the one queue that has work, but for one each that the idle keep ready',
      8,
      [queue(3), queue(0, false)],
      [7, 1],
    ],
    ['go evenly to queues that have work', 8, [queue(0), queue(0)], [4, 4]],
    ['go to whoever has the fewest when one is freed', 8, [queue(6), queue(1)], [6, 2]],
    ['are not taken from jobs that run', 4, [queue(4), queue(0)], [4, 1]],
    ['are at least one per queue', 1, [queue(1), queue(0), queue(0)], [1, 1, 1]],
  ])('%s', (_, limit, queues, shares) => {
    expect(divideSlots(limit, queues)).toEqual(shares)
  })

  it('are never more than there are, what runs already and one per queue aside', () => {
    const queues = fc.array(fc.record({ active: fc.nat(50), hungry: fc.boolean() }), { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), queues, (limit, queues) => {
        const shares = divideSlots(limit, queues)
        const taken = queues.reduce((sum, { active }) => sum + Math.max(1, active), 0)
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(Math.max(limit, taken))
        expect(shares.every((share, index) => share >= Math.max(1, queues[index]?.active ?? 0))).toBe(true)
      }),
    )
  })
})
