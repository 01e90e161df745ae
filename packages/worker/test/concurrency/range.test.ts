import { describe, expect, it } from 'vitest'
import { firstLimit, parseRange, rangeText } from '../../src/concurrency/range.ts'

describe('the concurrency', () => {
  it.each([
    ['8', { min: 8, max: 8 }],
    ['2-64', { min: 2, max: 64 }],
    [' 2 - 64 ', { min: 2, max: 64 }],
    ['512', { min: 512, max: 512 }],
    ['0', undefined],
    ['513', undefined],
    ['9-8', undefined],
    ['8-', undefined],
    ['-8', undefined],
    ['1.5', undefined],
    ['many', undefined],
  ])('reads %j', (text, range) => {
    expect(parseRange(text)).toEqual(range)
    if (range) expect(parseRange(rangeText(range))).toEqual(range)
  })

  it('begins with 8, as far as the range has it', () => {
    expect(
      [
        { min: 4, max: 32 },
        { min: 1, max: 2 },
        { min: 20, max: 30 },
      ].map(firstLimit),
    ).toEqual([8, 2, 20])
  })
})
