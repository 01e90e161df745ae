import { describe, expect, it } from 'vitest'
import { checkHistory } from '../../traces/history.ts'
import type { Trace } from '../../traces/trace.ts'

const pair: Trace = {
  name: 'pair',
  jobs: [
    { id: 'A', needs: [], seconds: 1 },
    { id: 'B', needs: ['A'], seconds: 1 },
  ],
}
const check = (...lines: string[]) =>
  checkHistory(
    pair,
    lines,
    new Map([
      ['a', 'A'],
      ['b', 'B'],
    ]),
  )

describe('the history of a run', () => {
  it('is as it must be when each job ran once and after its needs', () => {
    expect(check('start a', 'end a', 'start b', 'end b')).toEqual({ twice: [], early: [], missing: [] })
  })

  it('shows a job that began before its need was complete', () => {
    expect(check('start a', 'start b', 'end a', 'end b').early).toEqual(['B before A'])
  })

  it('shows a job that ran twice', () => {
    expect(check('start a', 'start a', 'end a', 'start b', 'end b').twice).toEqual(['A'])
  })

  it('shows a job that never ended', () => {
    expect(check('start a', 'end a', 'start b').missing).toEqual(['B'])
  })
})
