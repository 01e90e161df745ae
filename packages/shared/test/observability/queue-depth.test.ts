import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apportion, placesPerQueue } from '../../src/observability/queue-depth.ts'

describe('a total divided in proportion', () => {
  it('gives whole shares that sum up to it, none more than one away from what it should be', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.array(fc.nat(500), { minLength: 5, maxLength: 5 }), (total, parts) => {
        const shares = apportion(total, parts)
        const sum = parts.reduce((sum, part) => sum + part, 0)
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total)
        if (sum === 0) return
        for (const [index, share] of shares.entries()) {
          expect(Number.isInteger(share) && share >= 0).toBe(true)
          expect(Math.abs(share - ((parts[index] as number) * total) / sum)).toBeLessThan(1)
        }
      }),
    )
  })

  it('is what was counted when everything was counted', () => {
    expect(apportion(10, [1, 2, 3, 0, 4])).toEqual([1, 2, 3, 0, 4])
  })
})

describe('the places looked at', () => {
  it.each([
    [1, 500],
    [12, 500],
    [60, 100],
    [1_000, 50],
  ])('of each of %i queues are %i', (queues, places) => expect(placesPerQueue(queues)).toBe(places))
})
