import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { floorOf } from '../../traces/floor.ts'
import type { Trace, TraceJob } from '../../traces/trace.ts'

const equal = (count: number, seconds: number, needs: string[] = [], name = 'j'): TraceJob[] =>
  Array.from({ length: count }, (_, index) => ({ id: `${name}${index}`, needs, seconds }))
const trace = (...jobs: TraceJob[]): Trace => ({ name: 'trace', jobs })

/** The makespan of a schedule that keeps every slot busy and takes the jobs in their order. */
function greedy({ jobs }: Trace, slots: number): number {
  const ends = new Map<string, number>()
  const free = Array.from({ length: slots }, () => 0)
  for (const { id, needs, seconds } of jobs) {
    const slot = free.indexOf(Math.min(...free))
    const begin = needs.reduce((latest, need) => Math.max(latest, ends.get(need) ?? 0), free[slot] ?? 0)
    free[slot] = begin + seconds
    ends.set(id, begin + seconds)
  }
  return Math.max(...ends.values())
}

describe('the floor of a trace', () => {
  it.each([
    ['two rounds, when there are more long jobs than slots', trace(...equal(21, 16)), 16, 32],
    ['one round, when there are not', trace(...equal(16, 16)), 16, 16],
    [
      'what must come before and behind them added',
      trace({ id: 'first', needs: [], seconds: 3 }, ...equal(3, 5, ['first']), {
        id: 'last',
        needs: ['j0', 'j1', 'j2'],
        seconds: 2,
      }),
      2,
      15,
    ],
    ['the work, when jobs are short', trace(...equal(40, 1)), 4, 10],
  ])('is %s', (_, one, slots, expected) => expect(floorOf(one, slots)).toBeCloseTo(expected))

  it('is never above what some schedule needs', () => {
    const random = fc
      .array(fc.record({ seconds: fc.integer({ min: 1, max: 20 }), needs: fc.array(fc.nat(30), { maxLength: 3 }) }), {
        minLength: 1,
        maxLength: 30,
      })
      .map((jobs) =>
        trace(
          ...jobs.map(({ seconds, needs }, index) => ({
            id: `j${index}`,
            seconds,
            needs: needs.filter((need) => need < index).map((need) => `j${need}`),
          })),
        ),
      )
    fc.assert(
      fc.property(random, fc.integer({ min: 1, max: 5 }), (one, slots) => {
        expect(floorOf(one, slots)).toBeLessThanOrEqual(greedy(one, slots) + 1e-9)
      }),
    )
  })
})
