import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketOf, msOf, quantileBucket, RELATIVE_ERROR } from '../../src/estimates/buckets.ts'
import { MAX_DURATION_MS } from '../../src/workflow/duration.ts'

const times = fc.array(fc.double({ min: 1, max: MAX_DURATION_MS, noNaN: true }), { minLength: 1, maxLength: 200 })

function sketchOf(values: readonly number[]): Map<number, number> {
  const buckets = new Map<number, number>()
  for (const value of values) buckets.set(bucketOf(value), (buckets.get(bucketOf(value)) ?? 0) + 1)
  return buckets
}

describe('a quantile of a sketch', () => {
  it('is within 5 % of the true value of its rank, whatever the values', () => {
    fc.assert(
      fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
        const sorted = values.toSorted((a, b) => a - b)
        const truth = sorted[Math.max(1, Math.ceil(q * values.length)) - 1] as number
        const said = msOf(quantileBucket(sketchOf(values), q) as number)
        expect(Math.abs(said - truth) / truth).toBeLessThanOrEqual(RELATIVE_ERROR + 1e-6)
      }),
    )
  })

  it('does not exist for a sketch of nothing', () => {
    expect(quantileBucket(new Map(), 0.5)).toBeUndefined()
  })

  it.each([-1, 0, 0.4, 1])('takes %d ms as 1 ms', (ms) => {
    expect(msOf(bucketOf(ms))).toBe(1)
  })

  it('needs at most 243 buckets for times up to a year', () => {
    expect(bucketOf(MAX_DURATION_MS)).toBeLessThan(243)
  })
})
