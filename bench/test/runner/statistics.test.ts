import { describe, expect, it } from 'vitest'
import { median, percentile } from '../../runner/statistics.ts'

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[7], 7],
    [[], Number.NaN],
  ])('of %j is %d', (values, expected) => expect(median(values)).toBe(expected))
})

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
  it.each([
    [hundred, 0.5, 50],
    [hundred, 0.99, 99],
    [hundred, 1, 100],
    [[5], 0.99, 5],
    [[], 0.5, Number.NaN],
  ])('%# gives the smallest value that covers the share', (values, at, expected) =>
    expect(percentile(values, at)).toBe(expected),
  )
})
