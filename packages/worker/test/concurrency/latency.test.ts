import { describe, expect, it } from 'vitest'
import { trackLatency } from '../../src/concurrency/latency.ts'

const many = (count: number, one: (index: number) => void) => Array.from({ length: count }, (_, index) => one(index))

describe('the latency of attempts', () => {
  it('is not judged by a few of them', () => {
    const latency = trackLatency()
    many(19, () => latency.succeeded('a', 100))
    expect(latency.look()).toBeUndefined()
    latency.succeeded('a', 100)
    expect(latency.look()).toBe(1)
  })

  it('is compared task by task: another mix of tasks is no slow-down', () => {
    const latency = trackLatency()
    const mix = (fast: number, slow: number) => {
      many(fast, () => latency.succeeded('fast', 10))
      many(slow, () => latency.succeeded('slow', 1_000))
      return latency.look()
    }
    expect(mix(100, 20)).toBe(1)
    expect(mix(20, 100)).toBe(1)
  })

  it('shows when a task takes longer than it did, and takes it for the usual only after minutes', () => {
    const latency = trackLatency()
    const look = (ms: number) => {
      many(50, () => latency.succeeded('a', ms))
      return latency.look()
    }
    look(100)
    expect(look(300)).toBeCloseTo(3, 1)
    many(30, () => look(300))
    expect(look(300)).toBeGreaterThan(1.8)
    many(600, () => look(300))
    expect(look(300)).toBeLessThan(1.1)
  })
})
