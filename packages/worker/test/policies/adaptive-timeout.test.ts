import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BASE_MS, decideLimit, LEAST_SAMPLES, limitOf, MOST_MS } from '../../src/policies/adaptive-timeout.ts'

const MINUTE = 60_000
const simple = { timeoutMs: undefined, complexity: 'simple', timeoutFactor: 1 } as const
const measured = (p99Ms: number, samples = 500, timeouts = 0) => ({ p99Ms, samples, timeouts })

describe('the time limit of a task', () => {
  it.each([
    ['simple', 5],
    ['medium', 15],
    ['complex', 45],
    ['meta', 120],
  ] as const)('is by complexity before anything is measured: %s, %d minutes', (complexity, minutes) => {
    const limit = decideLimit({ task: { ...simple, complexity } })
    expect(limit).toMatchObject({ ms: minutes * MINUTE, from: 'complexity' })
    expect(limit.why).toContain(`a ${complexity} task`)
  })

  it.each([
    [
      'multiplied by the task',
      { task: { ...simple, timeoutFactor: 2 } },
      10 * MINUTE,
      'complexity',
      '5 min for a simple task × 2',
    ],
    [
      'at most three hours',
      { task: { ...simple, complexity: 'meta', timeoutFactor: 10 } },
      MOST_MS,
      'complexity',
      '× 10',
    ],
    [
      'what the task says',
      { task: { ...simple, timeoutMs: 70 }, measured: measured(40_000) },
      70,
      'task',
      'by the task',
    ],
    ['what somebody says', { task: { ...simple, timeoutMs: 70 }, byHandMs: 90 }, 90, 'hand', 'by hand'],
    [
      'not learned from too few',
      { task: simple, measured: measured(40_000, LEAST_SAMPLES - 1) },
      5 * MINUTE,
      'complexity',
      'too few',
    ],
    [
      'not learned when none has succeeded',
      { task: simple, measured: measured(0, 0, 50) },
      5 * MINUTE,
      'complexity',
      'too few',
    ],
    [
      'three times the 99th percentile',
      { task: simple, measured: measured(40_000) },
      2 * MINUTE,
      'measured',
      '3 × 40 s, the 99th percentile of 500',
    ],
    [
      'no less than a tenth of the base',
      { task: simple, measured: measured(5) },
      30_000,
      'measured',
      'the least for this task, above 3 × 5 ms',
    ],
    [
      'no more than four times the base',
      { task: simple, measured: measured(20 * MINUTE) },
      20 * MINUTE,
      'measured',
      'the most for this task, below 3 × 20 min',
    ],
    [
      'the base when many are cut off',
      { task: simple, measured: measured(40_000, 95, 5) },
      5 * MINUTE,
      'measured',
      '5.0 % of the attempts ran into',
    ],
    [
      'learned when few are cut off',
      { task: simple, measured: measured(40_000, 995, 5) },
      2 * MINUTE,
      'measured',
      '3 ×',
    ],
  ] as const)('is %s', (_, facts, ms, from, why) => {
    expect(decideLimit(facts)).toEqual({ ms, from, why: expect.stringContaining(why) })
  })

  it('stays as it was while what it would be is hardly different', () => {
    const before = decideLimit({ task: simple, measured: measured(40_000) })
    expect(decideLimit({ task: simple, measured: measured(44_000), before })).toEqual(before)
    expect(decideLimit({ task: simple, measured: measured(60_000), before }).ms).toBe(3 * MINUTE)
  })

  it('grows with every attempt, unless somebody fixed it, and never beyond three hours', () => {
    const limit = (from: 'measured' | 'complexity' | 'task' | 'hand') =>
      [1, 2, 3, 50].map((n) => limitOf({ ms: MINUTE, from }, n))
    expect(limit('measured')).toEqual([MINUTE, 1.5 * MINUTE, 2.25 * MINUTE, MOST_MS])
    expect(limit('complexity')).toEqual(limit('measured'))
    expect(limit('task')).toEqual(Array(4).fill(MINUTE))
    expect(limit('hand')).toEqual(Array(4).fill(MINUTE))
  })

  it('lies between its guard rails, whatever was measured', () => {
    const facts = fc.record({
      complexity: fc.constantFrom(...(Object.keys(BASE_MS) as (keyof typeof BASE_MS)[])),
      timeoutFactor: fc.double({ min: 0.1, max: 10, noNaN: true }),
      p99Ms: fc.double({ min: 0, max: 1e9, noNaN: true }),
      samples: fc.nat(2_000),
      timeouts: fc.nat(2_000),
    })
    fc.assert(
      fc.property(facts, ({ complexity, timeoutFactor, ...seen }) => {
        const base = Math.min(MOST_MS, BASE_MS[complexity] * timeoutFactor)
        const { ms, why } = decideLimit({ task: { timeoutMs: undefined, complexity, timeoutFactor }, measured: seen })
        expect(ms).toBeGreaterThanOrEqual(Math.floor(base / 10))
        expect(ms).toBeLessThanOrEqual(Math.min(MOST_MS, Math.ceil(4 * base) + 2))
        expect(why).not.toBe('')
      }),
    )
  })
})
