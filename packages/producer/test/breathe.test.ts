import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { breather } from '../src/breathe.ts'

describe('a breather', () => {
  it('lets a few pass at once, and the next ones in the next turn of the event loop', async () => {
    const breath = breather(2)
    const passed: number[] = []
    for (const n of [1, 2, 3, 4, 5]) void Promise.resolve(breath()).then(() => passed.push(n))
    const seen: number[][] = []
    for (let i = 0; i < 3; i++) {
      await Promise.resolve().then(() => {})
      await turn()
      seen.push([...passed])
    }
    expect(seen).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5],
    ])
  })

  it('does not keep those waiting that come one by one', async () => {
    const breath = breather(2)
    for (let i = 0; i < 10; i++) {
      expect(breath()).toBeUndefined()
      await turn()
    }
  })

  it('lets all pass, in the order in which they came, whenever they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(12), { maxLength: 8 }), async (most, bursts) => {
        const breath = breather(most)
        const passed: number[] = []
        let count = 0
        const all: Promise<unknown>[] = []
        for (const burst of bursts) {
          for (let i = 0; i < burst; i++) {
            const n = count++
            all.push(Promise.resolve(breath()).then(() => passed.push(n)))
          }
          await turn()
        }
        await Promise.all(all)
        expect(passed).toEqual(Array.from({ length: count }, (_, n) => n))
      }),
      { numRuns: 50 },
    )
  })
})
