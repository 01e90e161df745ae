import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide, firstPace, type Pace, type Reading } from '../../src/concurrency/controller.ts'

const marks = { min: 2, max: 64, memoryHigh: 0.8 }
const calm: Reading = { cpu: 0.3, machine: 0.5, loopDelayMs: 1, memory: 0.2, slowdown: 1, active: 10 }
const at10 = firstPace(10)

describe('one look of the controller', () => {
  it.each<[string, Partial<Reading>, { limit: number; taking?: boolean; reason?: string }]>([
    ['raises by one when all slots are in use and nothing is short', {}, { limit: 11, reason: 'room' }],
    ['raises when it is not known how attempts do', { slowdown: undefined }, { limit: 11, reason: 'room' }],
    ['leaves alone what is not used', { active: 5 }, { limit: 10 }],
    ['does not add load to a machine that is full', { machine: 0.99 }, { limit: 10 }],
    ['does not move between the marks', { cpu: 0.8 }, { limit: 10 }],
    ['lowers by a third when the CPU is used up', { cpu: 0.95 }, { limit: 7, reason: 'cpu' }],
    ['lowers when the event loop is late', { loopDelayMs: 150 }, { limit: 7, reason: 'event-loop' }],
    ['lowers when attempts take longer than usual', { slowdown: 2.5 }, { limit: 7, reason: 'latency' }],
    ['names the event loop before the CPU', { loopDelayMs: 150, cpu: 1 }, { limit: 7, reason: 'event-loop' }],
    ['takes nothing more above the mark of memory', { memory: 0.81 }, { limit: 7, taking: false, reason: 'memory' }],
  ])('%s', (_, change, expected) => {
    const { pace, move } = decide(at10, { ...calm, ...change }, marks)
    expect({ limit: pace.limit, taking: pace.taking, reason: move?.reason }).toEqual({
      taking: true,
      reason: undefined,
      ...expected,
    })
    if (move) expect(move.why).not.toBe('')
  })

  it('does not move a fixed number, but heeds memory all the same', () => {
    const fixed = { min: 10, max: 10, memoryHigh: 0.8 }
    expect(decide(at10, { ...calm, cpu: 1 }, fixed).move).toBeUndefined()
    expect(decide(at10, calm, fixed).move).toBeUndefined()
    expect(decide(at10, { ...calm, memory: 0.9 }, fixed).pace).toMatchObject({ limit: 10, taking: false })
  })

  it('waits for a change to show before it makes the next', () => {
    const lowered = decide(at10, { ...calm, cpu: 1 }, marks).pace
    const next = decide(lowered, { ...calm, cpu: 1 }, marks)
    expect(next.pace.limit).toBe(7)
    expect(decide(next.pace, { ...calm, cpu: 1 }, marks).pace.limit).toBe(7)
    const later = { ...next.pace, calm: 2 }
    expect(decide(later, { ...calm, cpu: 1 }, marks).pace.limit).toBe(4)
    expect(decide(later, calm, marks).pace.limit).toBe(7)
  })
})

describe('a worker without memory', () => {
  const stopped: Pace = decide(at10, { ...calm, memory: 0.9 }, marks).pace

  it('takes again below a lower mark, not at the first byte that is freed', () => {
    expect(decide(stopped, { ...calm, memory: 0.75 }, marks).pace.taking).toBe(false)
    expect(decide(stopped, { ...calm, memory: 0.69 }, marks).pace).toMatchObject({ taking: true, limit: 7 })
  })

  it('goes on with its minimum when nothing runs any more and memory does not come back: waiting frees none', () => {
    let pace = stopped
    let looks = 0
    for (; !pace.taking && looks < 100; looks++) {
      pace = decide(pace, { ...calm, memory: 0.85, active: looks < 3 ? 1 : 0 }, marks).pace
    }
    expect(pace).toMatchObject({ taking: true, limit: 2 })
    expect(looks).toBe(8) // three while something ran, five idle ones
  })
})

const reading = fc.record<Reading>({
  cpu: fc.double({ min: 0, max: 1, noNaN: true }),
  machine: fc.double({ min: 0, max: 1, noNaN: true }),
  loopDelayMs: fc.double({ min: 0, max: 10_000, noNaN: true }),
  memory: fc.double({ min: 0, max: 1, noNaN: true }),
  slowdown: fc.option(fc.double({ min: 0.1, max: 100, noNaN: true }), { nil: undefined }),
  active: fc.nat(600),
})
const range = fc.tuple(fc.integer({ min: 1, max: 512 }), fc.nat(511)).map(([min, more]) => {
  return { min, max: Math.min(512, min + more), memoryHigh: 0.8 }
})

describe('the concurrency', () => {
  it('never leaves its range, whatever is measured', () => {
    fc.assert(
      fc.property(range, fc.array(reading, { maxLength: 200 }), (marks, readings) => {
        let pace = firstPace(marks.min)
        for (const reading of readings) {
          pace = decide(pace, reading, marks).pace
          expect(pace.limit).toBeGreaterThanOrEqual(marks.min)
          expect(pace.limit).toBeLessThanOrEqual(marks.max)
        }
      }),
    )
  })

  it('finds what a simulated load can bear, from wherever it begins, and stays there', () => {
    const kinds = fc.constantFrom('cpu', 'loop', 'latency')
    fc.assert(
      fc.property(range, kinds, fc.integer({ min: 3, max: 400 }), fc.nat(511), (marks, kind, bearable, start) => {
        let pace = firstPace(Math.min(marks.max, Math.max(marks.min, start)))
        const seen: number[] = []
        for (let look = 0; look < 1_500; look++) {
          const load = pace.limit / bearable // there is always more work than slots
          const reading: Reading = {
            ...calm,
            active: pace.limit,
            cpu: kind === 'cpu' ? Math.min(1, load * 0.9) : 0.3,
            loopDelayMs: kind === 'loop' ? load * 100 : 1,
            slowdown: kind === 'latency' ? Math.max(1, load * 2) : 1,
          }
          pace = decide(pace, reading, marks).pace
          if (look >= 1_000) seen.push(pace.limit)
        }
        const best = Math.min(marks.max, Math.max(marks.min, bearable))
        // between two lowerings it climbs; it may rest where neither mark is passed
        expect(Math.min(...seen)).toBeGreaterThanOrEqual(Math.floor(best * 0.45))
        expect(Math.max(...seen)).toBeLessThanOrEqual(Math.max(marks.min, best + 1))
      }),
      { numRuns: 60 },
    )
  })
})
