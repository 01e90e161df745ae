import { describe, expect, it } from 'vitest'
import { readDrain } from '../../scripts/containers/drain.mjs'
import { partsByHost, whatIsWrong } from '../../scripts/containers/verdict.mjs'

const lines = (...entries: object[]) => entries.map((entry) => JSON.stringify(entry)).join('\n')

describe('the log of a worker', () => {
  it('tells that it drained, and what it handed back', () => {
    const log = lines({ msg: 'ready' }, { msg: 'draining' }, { msg: 'stopped', running: 0, handedBack: 3 })
    expect(readDrain(log)).toEqual({ drained: true, running: 0, handedBack: 3 })
  })

  it('tells that it was killed on the way', () => {
    const log = `${lines({ msg: 'ready' }, { msg: 'draining' })}\nAborted`
    expect(readDrain(log)).toMatchObject({ drained: false })
  })
})

describe('the verdict on a workflow', () => {
  const work = (part: number, state = 'succeeded', host = 'a') => {
    return { name: `work.${part}`, task: 'spread.work', state, output: { part, host } }
  }
  const tally = (parts: number) => ({ name: 'tally', task: 'spread.tally', state: 'succeeded', output: { parts } })

  it('is good when every part was done and counted', () => {
    expect(whatIsWrong('w', 2, [work(0), work(1), tally(2)])).toEqual([])
  })

  it.each([
    ['a job that did not succeed', [work(0), work(1, 'dead'), tally(2)], ['w: work.1 is dead']],
    ['a job that is missing', [work(0), tally(2)], ['w: there are 1 jobs for 2 parts']],
    ['a part that was not counted', [work(0), work(1), tally(1)], ['w: 1 of 2 parts were counted']],
    ['a count that is missing', [work(0), work(1)], ['w: no of 2 parts were counted']],
  ])('names %s', (_what, jobs, problems) => {
    expect(whatIsWrong('w', 2, jobs)).toEqual(problems)
  })

  it('counts the parts of each host', () => {
    const jobs = [work(0), work(1, 'succeeded', 'b'), work(2), tally(3)]
    expect(Object.fromEntries(partsByHost(jobs))).toEqual({ a: 2, b: 1 })
  })
})
