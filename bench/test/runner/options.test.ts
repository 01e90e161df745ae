import { describe, expect, it } from 'vitest'
import { readOptions } from '../../runner/options.ts'

describe('bench', () => {
  it('runs each side five times, once when it is to be quick', () => {
    expect(readOptions(['chain'])).toMatchObject({ filters: ['chain'], runs: 5, quick: false })
    expect(readOptions(['--quick'])).toMatchObject({ filters: [], runs: 1, quick: true })
    expect(readOptions(['--quick', '--runs', '3'])).toMatchObject({ runs: 3 })
  })

  it.each([
    [['--runs', 'many'], /--runs is "many": give a whole number/],
    [['--save', '…'], /--save is "…": describe the run/],
    [['--fast'], /--fast/],
  ])('refuses %j', (args, problem) => {
    expect(readOptions(args)).toEqual({ problems: [expect.stringMatching(problem)] })
  })
})
