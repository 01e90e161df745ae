import { describe, expect, it } from 'vitest'
import { findGrowth, type Minute } from './verdict.ts'

const soak = (workerMb: readonly number[], rest: Partial<Minute> = {}) =>
  workerMb.map((mb) => ({ jobsPerSecond: 500, redisMb: 30, workerMb: mb, ...rest }))

describe('the verdict on a soak', () => {
  it.each([
    ['is flat', [150, 150, 150, 150, 150], []],
    ['grows while it warms up', [90, 140, 200, 201, 200, 205], []],
    ['moves within its noise', [150, 150, 150, 168, 155, 169], []],
    ['grows by more than a tenth and 20 MB', [150, 150, 150, 160, 165, 171], ['workerMb grew from 150 to 171']],
    ['is large, and grows by less than a tenth', [400, 400, 400, 420, 439], []],
    ['was looked at too shortly', [100, 200, 300], []],
  ])('on memory that %s', (_, workerMb, found) => {
    expect(findGrowth(soak(workerMb)).map((text) => text.split(' after')[0])).toEqual(found)
  })

  it('finds what grows in Redis', () => {
    const minutes = soak([150, 150, 150, 150, 150]).map((minute, index) => ({ ...minute, redisMb: 20 + index * 15 }))
    expect(findGrowth(minutes)).toEqual([expect.stringMatching(/^redisMb grew from 50 to 80/)])
  })

  it('finds a minute in which little was done', () => {
    const minutes = soak([150, 150, 150]).map((minute, index) =>
      index === 1 ? { ...minute, jobsPerSecond: 200 } : minute,
    )
    expect(findGrowth(minutes)).toEqual(['minute 2 had 200 jobs/s, usual are 500'])
  })
})
