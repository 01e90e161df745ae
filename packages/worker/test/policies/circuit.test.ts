import { describe, expect, it } from 'vitest'
import { createCircuit } from '../../src/policies/circuit.ts'

const rule = { count: { kind: 'consecutive', failures: 2 }, halfOpenAfterMs: 100, maxHalfOpenAfterMs: 1_000 } as const

/** A breaker whose clock is moved by hand. */
function circuit() {
  const clock = { ms: 0 }
  return { clock, breaker: createCircuit('stripe', rule, () => clock.ms) }
}
const opening = (openings: number, openedAt: number, halfOpenInMs = 100) => ({
  ...{ name: 'stripe', openings, openedAt, halfOpenInMs },
  ...{ by: 'worker-1', why: 'no answer' },
})

describe('a breaker, as one worker knows it', () => {
  it('counts failures in a row, and forgets them when it opens and closes', () => {
    const { breaker } = circuit()
    const heard = (...all: readonly ('failed' | 'answered' | 'nothing')[]) => all.map((says) => breaker.heard(says))
    expect(heard('failed', 'answered', 'failed', 'nothing', 'failed')).toEqual([false, false, false, false, true])
    breaker.open(opening(1, 1_000), true)
    breaker.close()
    expect(heard('failed', 'failed')).toEqual([false, true])
  })

  it('begins a new period whenever it opens or closes: what began before is old news', () => {
    const { breaker } = circuit()
    const periods = [breaker.period]
    breaker.open(opening(1, 1_000), true)
    periods.push(breaker.period)
    breaker.close()
    periods.push(breaker.period)
    expect(new Set(periods).size).toBe(3)
  })

  it('is due when its time has come; newcomers ask one at a time and not at once after a refusal', () => {
    const { clock, breaker } = circuit()
    breaker.open(opening(1, 1_000, 600), true)
    expect([breaker.isDue(false), breaker.isDue(true), breaker.halfOpenInMs]).toEqual([false, false, 600])
    clock.ms = 100 // it may have been called by a worker that heard of it earlier
    expect([breaker.isDue(false), breaker.isDue(true)]).toEqual([false, true])
    clock.ms = 600
    expect([breaker.isDue(false), breaker.isDue(true)]).toEqual([true, true])
    breaker.asking = true
    expect([breaker.isDue(false), breaker.isDue(true)]).toEqual([false, true])
    breaker.asking = false
    breaker.quiet()
    expect([breaker.isDue(false), breaker.isDue(true)]).toEqual([false, true])
    clock.ms = 900
    expect(breaker.isDue(false)).toBe(true)
    breaker.probing = true
    expect([breaker.isDue(false), breaker.isDue(true)]).toEqual([false, false])
  })

  it('that is open until somebody closes it is never due', () => {
    const { clock, breaker } = circuit()
    breaker.open(opening(1, 1_000, Number.POSITIVE_INFINITY), true)
    clock.ms = 1e12
    expect(breaker.isDue(true)).toBe(false)
  })

  it('does not go back in time when an answer comes later than the news', () => {
    const { breaker } = circuit()
    expect(breaker.open(opening(2, 2_000), true)).toBe('changed')
    expect(breaker.open(opening(2, 2_000), true)).toBe('same')
    expect(breaker.open(opening(1, 1_000), true)).toBe('stale')
    breaker.close()
    expect(breaker.open(opening(2, 2_000), true)).toBe('stale')
    expect(breaker.opening).toBeUndefined()
    expect(breaker.open(opening(1, 3_000), true)).toBe('changed')
  })

  it('takes what the pool says for its own opening, which the pool did not know yet', () => {
    const { breaker } = circuit()
    breaker.open(opening(1, 5_000), false)
    expect(breaker.open(opening(1, 4_990), true)).toBe('same')
    expect(breaker.opening).toMatchObject({ openedAt: 4_990, shared: true })
    expect(breaker.counts.opened).toBe(1)
  })
})
