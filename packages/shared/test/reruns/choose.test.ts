import { describe, expect, it } from 'vitest'
import { chooseRerun, type EndedJob } from '../../src/reruns/choose.ts'

const job = (name: string, needs: string[] = [], rest: Partial<EndedJob> = {}): EndedJob => ({
  ...{ name, needs, when: 'succeeded', state: 'succeeded' },
  ...rest,
})
const chosen = (jobs: readonly EndedJob[], from: string) => {
  const result = chooseRerun(jobs, from)
  return result.ok ? result.choice : result.problems
}

const nightly = [
  job('fetch'),
  job('parse', ['fetch']),
  job('parse.0'),
  job('parse.1'),
  job('totals', ['parse']),
  job('errors', ['parse']),
  job('publish', ['totals', 'errors']),
  job('alert', ['publish'], { when: 'failed', state: 'skipped' }),
]

describe('a rerun', () => {
  it('runs the job and everything that depends on it, and keeps the rest', () => {
    expect(chosen(nightly, 'totals')).toEqual({
      again: ['totals', 'publish', 'alert'],
      carried: ['fetch', 'parse', 'parse.0', 'parse.1', 'errors'],
      left: [],
    })
  })

  it('spawns again what was spawned, when the spawner runs again', () => {
    expect(chosen(nightly, 'parse')).toEqual({
      again: ['parse', 'totals', 'errors', 'publish', 'alert'],
      carried: ['fetch'],
      left: [],
    })
  })

  it('leaves out what did not succeed and nothing needs, with all that it spawned', () => {
    const jobs = [
      job('a'),
      job('b'),
      job('c', ['b']),
      job('many', [], { state: 'dead' }),
      job('many.0'),
      job('many.1', [], { state: 'dead' }),
      job('after', ['many'], { state: 'skipped' }),
    ]
    expect(chosen(jobs, 'b')).toEqual({
      again: ['b', 'c'],
      carried: ['a'],
      left: [
        { name: 'many', state: 'dead' },
        { name: 'many.0', state: 'succeeded' },
        { name: 'many.1', state: 'dead' },
        { name: 'after', state: 'skipped' },
      ],
    })
  })

  it('is refused for every need that would not run again and has not succeeded, all of them at once', () => {
    const jobs = [
      job('a'),
      job('b', [], { state: 'dead' }),
      job('c', [], { state: 'skipped' }),
      job('d', ['a', 'b'], { state: 'skipped' }),
      job('e', ['d', 'c'], { when: 'always' }),
    ]
    expect(chosen(jobs, 'a')).toEqual([
      '"d" needs "b", which is dead: it has no output to keep',
      '"e" needs "c", which is skipped: it has no output to keep',
    ])
  })

  it.each([
    ['totls', 'there is no job "totls". Did you mean "totals"?'],
    ['parse.1', '"parse.1" was spawned by "parse", which spawns it again: rerun from "parse"'],
  ])('is refused from %s', (from, problem) => {
    expect(chosen(nightly, from)).toEqual([problem])
  })

  it('is refused from a job that would be skipped, since what it waits for has not failed', () => {
    const jobs = [job('a'), job('alert', ['a'], { when: 'failed', state: 'skipped' })]
    expect(chosen(jobs, 'alert')).toEqual([
      '"alert" runs only when one of its needs has failed, and all of them have succeeded',
    ])
  })
})
