import type { JobCounts } from '@millrace/shared'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countsText, percent, renderBar } from '../../../src/cli/output/bar.ts'
import { plainLook } from '../../../src/cli/output/look.ts'

const counts = (some: Partial<JobCounts>): JobCounts => {
  const jobs = { waiting: 0, runnable: 0, succeeded: 0, dead: 0, skipped: 0, cancelled: 0, ...some }
  return { total: Object.values(jobs).reduce((sum, count) => sum + count, 0), ...jobs }
}
const bar = (jobs: JobCounts, width: number) => renderBar(jobs, width, plainLook(0))

describe('the bar of a workflow', () => {
  it('shows succeeded, dead, skipped and open jobs side by side', () => {
    expect(bar(counts({ succeeded: 4, dead: 1, skipped: 1, waiting: 2 }), 8)).toBe('████▓▒░░')
  })

  it('shows even a single dead job of many', () => {
    expect(bar(counts({ succeeded: 500, dead: 1, waiting: 500 }), 10)).toBe('████▓░░░░░')
  })

  it('has the width it was given, whatever the counts', () => {
    const count = fc.nat(10_000)
    const jobs = fc.record({
      waiting: count,
      runnable: count,
      succeeded: count,
      dead: count,
      skipped: count,
      cancelled: count,
    })
    fc.assert(
      fc.property(jobs, fc.integer({ min: 5, max: 60 }), (some, width) => bar(counts(some), width).length === width),
    )
  })

  it('is full only when all jobs have ended', () => {
    expect(percent(counts({ succeeded: 9_999, waiting: 1 }))).toBe(99)
    expect(percent(counts({ succeeded: 9_999, dead: 1 }))).toBe(100)
  })
})

describe('the counts of a workflow', () => {
  it('name what is not zero', () => {
    expect(countsText(counts({ succeeded: 4, dead: 1 }))).toBe('5 jobs: 4 succeeded, 1 dead')
    expect(countsText(counts({ runnable: 1 }))).toBe('1 job: 1 running or queued')
  })
})
