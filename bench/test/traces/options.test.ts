import { describe, expect, it } from 'vitest'
import { readOptions } from '../../traces/options.ts'

describe('bench:workflows', () => {
  it('runs files on two workers with 16 slots, each scaled to the same bound', () => {
    expect(readOptions(['a.json', 'b.json'])).toEqual({
      files: ['a.json', 'b.json'],
      workers: 2,
      slots: 16,
      scale: undefined,
      policy: 'critical-path',
      json: false,
    })
  })

  it.each([
    [[], /Name at least one file/],
    [['a', '--workers', '0'], /--workers is "0"/],
    [['a', '--workers', '4', '--slots', '3'], /--slots is "3": give a whole number from 4, one for each worker/],
    [['a', '--scale=-1'], /--scale is "-1"/],
    [['a', '--policy', 'lifo'], /--policy is "lifo": give critical-path or fifo/],
    [['a', '--slot', '3'], /--slot/],
  ])('refuses %j', (args, problem) => {
    expect(readOptions(args)).toEqual({ problems: [expect.stringMatching(problem)] })
  })

  it('says all that is wrong at once', () => {
    expect(readOptions(['--workers', 'x', '--scale', '0'])).toMatchObject({ problems: { length: 3 } })
  })
})
