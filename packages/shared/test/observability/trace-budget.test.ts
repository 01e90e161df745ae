import { describe, expect, it } from 'vitest'
import { createTraceBudget } from '../../src/observability/trace-budget.ts'

describe('the budget of traces', () => {
  it('lets everything through that comes slowly', () => {
    let now = 0
    const allows = createTraceBudget(() => now)
    for (let second = 0; second < 100; second++, now += 1_000) expect(allows(400)).toBe(true)
  })

  it('lets 500 jobs a second through, however many come', () => {
    let now = 0
    const allows = createTraceBudget(() => now)
    let traced = 0
    for (; now < 60_000; now++) if (allows(10)) traced += 10
    expect(traced).toBeGreaterThan(0.95 * (2_000 + 60 * 500))
    expect(traced).toBeLessThanOrEqual(2_000 + 60 * 500)
  })

  it('never lets a workflow through that is too large for any picture', () => {
    expect(createTraceBudget(() => 0)(2_001)).toBe(false)
    expect(createTraceBudget(() => 0)(2_000)).toBe(true)
  })
})
