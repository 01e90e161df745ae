import { describe, expect, it } from 'vitest'
import { defineCase, type Target } from '../../runner/case.ts'
import { outcomesOf, showFigure } from '../../runner/outcome.ts'

const withTarget = (target?: Target) =>
  defineCase({
    name: 'one',
    measures: 'Something.',
    rows: { rate: { what: 'rate', unit: 'jobs/s', ...(target && { target }) } },
    ours: async () => ({ rate: 1 }),
    raw: async () => ({ rate: 1 }),
  })

/** Three runs of a machine that grows twice as slow. */
const slower = { ours: [200, 150, 100].map((rate) => ({ rate })), raw: [100, 50, 50].map((rate) => ({ rate })) }

describe('the outcome of a benchmark', () => {
  it('is the medians, and the median of the ratios of neighbours', () => {
    expect(outcomesOf(withTarget(), slower)).toMatchObject([
      { case: 'one', row: 'rate', ours: 150, raw: 50, ratio: 2, ratios: { lowest: 2, highest: 3 }, holds: undefined },
    ])
  })

  it.each<[Target, boolean, string]>([
    [{ of: 'ratio', atLeast: 2 }, true, '≥ 2'],
    [{ of: 'ratio', atLeast: 2.1 }, false, '≥ 2.1'],
    [{ of: 'ratio', atMost: 1.9 }, false, '≤ 1.9'],
    [{ of: 'ours', atMost: 150 }, true, 'ours ≤ 150 jobs/s'],
    [{ of: 'ours', atLeast: 151 }, false, 'ours ≥ 151 jobs/s'],
  ])('says of the target %j whether it holds: %s', (target, holds, shown) => {
    expect(outcomesOf(withTarget(target), slower)).toMatchObject([{ holds, target: shown }])
  })
})

describe('a figure', () => {
  it.each([
    [12_345.6, 'jobs/s', '12,346'],
    [0.123_45, 'ms', '0.123'],
    [1.5, '×', '1.500'],
    [Number.NaN, 's', '–'],
  ] as const)('%d %s is shown as %s', (value, unit, expected) => expect(showFigure(value, unit)).toBe(expected))
})
