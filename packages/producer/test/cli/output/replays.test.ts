import type { ReplayView } from '@millrace/shared'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainLook } from '../../../src/cli/output/look.ts'
import { renderReplay } from '../../../src/cli/output/replays.ts'
import { widthOf } from '../../../src/cli/output/width.ts'

const view = (rest: Partial<ReplayView>): ReplayView => ({
  ...{ id: 'r1', state: 'running', why: undefined, actor: 'ada', ratePerSecond: 10, canary: 0, canaryPassed: false },
  ...{ stopIf: undefined, total: 80, replayed: 50, succeeded: 4, failed: 40, gone: 0, refused: 0, left: 30 },
  ...{ startedAt: 0, finishedAt: undefined, ...rest },
})
const look = plainLook(0)

describe('a replay in one line', () => {
  it('shows what succeeded, failed again and was sent, and how long the rest takes at its pace', () => {
    expect(renderReplay(view({}), look)).toBe(
      'r1  █▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▒▒░░░░░░░░░░░░  running: 50 of 80 replayed, 4 succeeded, 40 failed again, 30 to go in 3.0 s',
    )
  })

  it('gives its bar up first, then the end of its words, so that it fits the terminal', () => {
    expect(renderReplay(view({}), look, 95)).toBe(
      'r1  ▓▓▓▓▓▓▓▒░░░░░░  running: 50 of 80 replayed, 4 succeeded, 40 failed again, 30 to go in 3.0 s',
    )
    expect(renderReplay(view({}), look, 50)).toBe('r1  ▓▓▓▓▒░░░  running: 50 of 80 replayed, 4 succe…')
  })

  it('is never wider than it may be', () => {
    const counts = fc.record({
      total: fc.nat(99_999),
      replayed: fc.nat(99_999),
      failed: fc.nat(99_999),
      gone: fc.nat(9),
    })
    fc.assert(
      fc.property(counts, fc.integer({ min: 20, max: 200 }), (some, width) => {
        expect(widthOf(renderReplay(view(some), look, width))).toBeLessThanOrEqual(width)
      }),
    )
  })

  it('says of one that stopped what it left, and why', () => {
    const stopped = renderReplay(view({ state: 'stopped', why: 'canary', total: 50, replayed: 5, left: 45 }), look)
    expect(stopped).toMatch(/stopped, its canary failed: 5 of 50 replayed.*45 left as they were$/)
  })
})
