import { describe, expect, it } from 'vitest'
import { redactUrl } from '../../src/index.ts'

describe('the address of a Redis, as it is printed', () => {
  it.each([
    ['redis://cache:6379/0', 'redis://cache:6379/0'],
    ['redis://:secret@cache', 'redis://:***@cache'],
    ['rediss://mill:secret@cache:6380/2', 'rediss://mill:***@cache:6380/2'],
    ['redis://mill:with@inside@cache', 'redis://mill:***@cache'],
    ['redis://mill@cache', 'redis://mill@cache'],
  ])('of %s is %s', (url, printed) => {
    expect(redactUrl(url)).toBe(printed)
  })
})
