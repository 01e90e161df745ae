import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import {
  breakerParkMs,
  bulkheadParkMs,
  defaultBulkhead,
  fullBreakerRule,
  halfOpenDelay,
} from '../../src/policies/rules.ts'

const defaults = readConfig({})
const rule = { count: { kind: 'consecutive', failures: 3 }, halfOpenAfterMs: 100, maxHalfOpenAfterMs: 1_000 } as const
const share = fc.double({ min: 0, max: 1, noNaN: true })

describe('the breaker of a resource that says nothing', () => {
  it('opens after five failures in a row and is probed after a minute, later after ten', () => {
    expect(fullBreakerRule(undefined, defaults)).toEqual({
      count: { kind: 'consecutive', failures: 5 },
      halfOpenAfterMs: 60_000,
      maxHalfOpenAfterMs: 600_000,
    })
  })

  it('follows the settings', () => {
    const env = { MILLRACE_BREAKER_FAILURES: '2', MILLRACE_BREAKER_HALF_OPEN_AFTER: '20m' }
    expect(fullBreakerRule(undefined, readConfig(env))).toEqual({
      count: { kind: 'consecutive', failures: 2 },
      halfOpenAfterMs: 1_200_000,
      maxHalfOpenAfterMs: 1_200_000,
    })
  })
})

describe('the bulkhead of a resource that says nothing', () => {
  it.each([
    [{}, 16],
    [{ MILLRACE_CONCURRENCY: '1' }, 1],
    [{ MILLRACE_CONCURRENCY: '7' }, 4],
    [{ MILLRACE_BULKHEAD: '20' }, 20],
  ])('with %o has %d slots', (env, limit) => {
    expect(defaultBulkhead(readConfig(env))).toEqual({ limit, queue: 0 })
  })
})

describe('the time to the probe', () => {
  it('doubles with every probe that fails, up to a bound', () => {
    expect([1, 2, 3, 4, 5, 6].map((openings) => halfOpenDelay(openings, rule))).toEqual([
      100, 200, 400, 800, 1_000, 1_000,
    ])
    expect(halfOpenDelay(5_000, rule)).toBe(1_000)
  })
})

describe('a job that waits', () => {
  it('for a breaker comes back by itself only after the longest time between two probes, and not with the others', () => {
    fc.assert(
      fc.property(fc.nat(10_000), share, (halfOpenInMs, random) => {
        const delay = breakerParkMs(halfOpenInMs, rule, random)
        return delay >= halfOpenInMs + 1_000 && delay <= halfOpenInMs + 2_000
      }),
    )
    expect(breakerParkMs(Number.POSITIVE_INFINITY, rule, 0.5)).toBe(1_500)
  })

  it('for a bulkhead waits longer each time, up to a bound', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000 }), share, (starts, random) => {
        const delay = bulkheadParkMs(starts, random)
        return delay >= 5_000 && delay <= 450_000 && delay <= bulkheadParkMs(starts + 1, random)
      }),
    )
    expect([1, 2, 3].map((starts) => bulkheadParkMs(starts, 0.5))).toEqual([10_000, 20_000, 40_000])
  })
})
