import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { delayAfter, randomOf } from '../../src/policies/retry.ts'

const limits = fc.record({
  delayMs: fc.integer({ min: 0, max: 600_000 }),
  maxDelayMs: fc.integer({ min: 0, max: 86_400_000 }),
})
const attempt = fc.integer({ min: 1, max: 100 })
const jobId = fc.string({ minLength: 1 })

describe('the delay before a retry', () => {
  it('grows at most threefold from one to the next, and stops at its bound', () => {
    const utmost = () => 0.999_999_999
    const delays = [1, 2, 3, 4, 5].map((failed) => delayAfter(failed, { delayMs: 1_000, maxDelayMs: 60_000 }, utmost))
    expect(delays).toEqual([3_000, 9_000, 27_000, 60_000, 60_000])
  })

  it('is the base when chance says the least', () => {
    expect(delayAfter(7, { delayMs: 1_000, maxDelayMs: 60_000 }, () => 0)).toBe(1_000)
  })

  it('begins again from a short one after a long one, since each is drawn from the whole range', () => {
    const chances = [0.9, 0.9, 0]
    expect(delayAfter(3, { delayMs: 1_000, maxDelayMs: 60_000 }, (n) => chances[n - 1] ?? 0)).toBe(1_000)
  })

  it('never leaves the range from the base to the bound', () => {
    fc.assert(
      fc.property(attempt, limits, jobId, (failed, { delayMs, maxDelayMs }, id) => {
        const delay = delayAfter(failed, { delayMs, maxDelayMs }, randomOf(id))
        expect(Number.isInteger(delay)).toBe(true)
        expect(delay).toBeGreaterThanOrEqual(Math.min(delayMs, maxDelayMs))
        expect(delay).toBeLessThanOrEqual(maxDelayMs)
      }),
    )
  })

  it('is at most three times the one before, or the base', () => {
    fc.assert(
      fc.property(attempt, limits, jobId, (failed, { delayMs, maxDelayMs }, id) => {
        const before = failed === 1 ? delayMs : delayAfter(failed - 1, { delayMs, maxDelayMs }, randomOf(id))
        const delay = delayAfter(failed, { delayMs, maxDelayMs }, randomOf(id))
        expect(delay).toBeLessThanOrEqual(Math.max(before * 3, delayMs) + 2)
      }),
    )
  })

  it('is the same on every worker, so that the chain can be drawn again', () => {
    fc.assert(
      fc.property(attempt, limits, jobId, (failed, bounds, id) => {
        expect(delayAfter(failed, bounds, randomOf(id))).toBe(delayAfter(failed, bounds, randomOf(id)))
      }),
    )
  })

  it('differs between jobs that failed together: a thousand first delays fill the range evenly', () => {
    const bins = [0, 0, 0, 0]
    for (let job = 0; job < 1_000; job++) {
      const delay = delayAfter(1, { delayMs: 1_000, maxDelayMs: 60_000 }, randomOf(`w.job${job}`))
      bins[Math.min(3, Math.floor((delay - 1_000) / 500))]! += 1
    }
    for (const count of bins) expect(count).toBeGreaterThan(180)
  })
})
