import { describe, expect, it } from 'vitest'
import { countTests } from '../../scripts/count-tests.mjs'

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
})

describe('the count of tests', () => {
  it('adds up the files', () => {
    const testResults = [file('passed', 'passed', 'passed', 'skipped'), file('failed', 'passed', 'failed', 'todo')]
    expect(countTests({ testResults })).toEqual({ passed: 3, failed: 1, skipped: 2 })
  })

  it('takes the tests of a file whose set-up failed for failed, which vitest calls skipped', () => {
    const testResults = [file('passed', 'passed'), file('failed', 'skipped', 'skipped')]
    expect(countTests({ testResults })).toEqual({ passed: 1, failed: 2, skipped: 0 })
  })

  it('takes a file that cannot be loaded for one failure', () => {
    expect(countTests({ testResults: [file('failed')] })).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })
})
