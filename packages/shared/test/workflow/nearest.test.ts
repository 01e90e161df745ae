import { describe, expect, it } from 'vitest'
import { nearestOf } from '../../src/workflow/nearest.ts'

describe('the nearest name', () => {
  it.each([
    ['fecth', 'fetch'],
    ['Fetch', 'fetch'],
    ['prase', 'parse'],
    ['publsh', 'publish'],
    ['zzz', undefined],
    ['', undefined],
    ['x', undefined],
    ['publish-everything', undefined],
  ])('to %j is %s', (name, nearest) => {
    expect(nearestOf(['parse', 'fetch', 'publish', 'a'])(name)).toBe(nearest)
  })

  it('is given up when thousands of names are wrong', () => {
    const nearest = nearestOf(Array.from({ length: 10_000 }, (_, n) => `job-${n}`))
    const answers = Array.from({ length: 10_000 }, (_, n) => nearest(`jbo-${n}`))
    expect(answers.filter((answer) => answer !== undefined)).toHaveLength(10)
  })
})
