import { describe, expect, it } from 'vitest'
import {
  afterFailure,
  isSuspicious,
  judge,
  mayTry,
  type TaskHealth,
  tried,
  untold,
} from '../../src/health/task-health.ts'

/** The health of a task after failures of these jobs, in a row. */
const after = (...jobs: string[]) =>
  jobs.reduce<TaskHealth | undefined>((health, job) => afterFailure(health, job, 0), undefined) as TaskHealth
const unhealthy = judge(after('a', 'b', 'c'), true, 1_000) as Extract<TaskHealth, { state: 'unhealthy' }>

describe('a task on one worker', () => {
  it.each([
    ['after two failures', ['a', 'b'], false],
    ['after three', ['a', 'b', 'c'], true],
    ['after three of which two are of one job', ['a', 'b', 'b'], true],
    ['after three of one job alone: it may fail everywhere', ['a', 'a', 'a', 'a'], false],
  ])('%s: %j is suspicious: %s', (_, jobs, suspicious) => {
    expect(isSuspicious(after(...jobs))).toBe(suspicious)
    expect(judge(after(...jobs), true, 0)?.state).toBe(suspicious ? 'unhealthy' : 'failing')
  })

  it('is not unhealthy while it succeeds nowhere: then the worker is not to blame', () => {
    expect(judge(after('a', 'b', 'c'), false, 0)?.state).toBe('failing')
  })
})

describe('an unhealthy worker', () => {
  it('tries one job after 30 s, and one at a time', () => {
    expect([mayTry(unhealthy, 30_999), mayTry(unhealthy, 31_000)]).toEqual([false, true])
    expect(mayTry(tried(unhealthy, 'd'), 31_000)).toBe(false)
  })

  it('waits for another 30 s when what it tried fails', () => {
    const failed = afterFailure(tried(unhealthy, 'd'), 'd', 40_000)
    expect(failed).toMatchObject({ state: 'unhealthy', since: 1_000, tryAt: 70_000, trying: undefined })
  })

  it('tries the next at once when the one it tried said nothing of the task', () => {
    expect(mayTry(untold(tried(unhealthy, 'd'), 'd') as typeof unhealthy, 31_000)).toBe(true)
  })

  it('does not heed jobs that had begun before', () => {
    expect(afterFailure(unhealthy, 'old', 5_000)).toBe(unhealthy)
  })

  it('takes its jobs again when nobody else succeeds any more: somebody has to', () => {
    expect(judge(unhealthy, false, 5_000)).toBeUndefined()
    expect(judge(unhealthy, true, 5_000)).toBe(unhealthy)
  })
})
