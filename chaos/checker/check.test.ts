import { describe, expect, it } from 'vitest'
import type { Entry } from '../history/entry.ts'
import type { RecordedJob } from '../history/recorded.ts'
import { check } from './check.ts'
import { type Run, VIOLATIONS, type ViolationKind } from './violation.ts'

const entry = (job: string, kind: Entry['kind'], token: number, at: number, rest: Partial<Entry> = {}): Entry => ({
  ...{ job, kind, token, at, pid: 1 },
  ...rest,
})
const succeeded: RecordedJob = {
  ...{ state: 'succeeded', outputToken: 1, progressToken: 1 },
  ...{ starts: 1, failures: 1, stalls: 0, handedBack: 0, parkings: 0, replays: 0, endings: 1 },
}
const dead: RecordedJob = { ...succeeded, state: 'dead', outputToken: undefined, starts: 2, failures: 2 }
const skipped: RecordedJob = {
  ...{ ...succeeded, state: 'skipped', outputToken: undefined, progressToken: undefined },
  ...{ starts: 0, failures: 0 },
}

/** A run in which everything is as it must be: `w.a`, then `w.b` that needs it, `w.d` that dies, `w.s` that is skipped. */
const good: Run = {
  history: [
    entry('w.a', 'started', 1, 100, { saw: {} }),
    entry('w.a', 'returned', 1, 110),
    entry('w.b', 'started', 1, 120, { saw: { a: 1 } }),
    entry('w.b', 'returned', 1, 130),
    entry('w.d', 'started', 1, 100, { saw: {} }),
    entry('w.d', 'threw', 1, 110),
    entry('w.d', 'started', 2, 120, { saw: {} }),
    entry('w.d', 'threw', 2, 130),
  ],
  recorded: {
    jobs: new Map([
      ['w.a', succeeded],
      ['w.b', succeeded],
      ['w.d', dead],
      ['w.s', skipped],
    ]),
    letters: ['w.d'],
  },
  expected: new Map([
    ['w.a', ['succeeded']],
    ['w.b', ['succeeded']],
    ['w.d', ['dead']],
    ['w.s', ['skipped']],
  ]),
  needs: new Map([
    ['w.b', ['w.a']],
    ['w.s', ['w.d']],
  ]),
  patience: { ms: 50, submittedAt: new Map([['w', 60]]) },
}

const noted = (...entries: readonly Entry[]): Run => ({ ...good, history: [...good.history, ...entries] })
const without = (job: string): Run => ({ ...good, history: good.history.filter((entry) => entry.job !== job) })
const recording = (job: string, as: Partial<RecordedJob>, letters = good.recorded.letters): Run => {
  const jobs = new Map(good.recorded.jobs)
  jobs.set(job, { ...(jobs.get(job) as RecordedJob), ...as })
  return { ...good, recorded: { jobs, letters } }
}
const cancelled = (...entries: readonly Entry[]): Run => ({
  history: entries,
  expected: new Map([['w.a', ['cancelled']]]),
  needs: new Map(),
  recorded: { jobs: new Map([['w.a', { ...succeeded, state: 'cancelled', outputToken: undefined }]]), letters: [] },
  cancels: { withinMs: 1_000, at: new Map([['w', 200]]) },
})
const wrong = (run: Run) => check(run).map(({ kind, job }) => `${job}: ${kind}`)

const FOUND: Record<ViolationKind, readonly [run: Run, job: string]> = {
  lost: [recording('w.b', { state: 'active' }), 'w.b'],
  'wrong end': [recording('w.b', { state: 'skipped' }), 'w.b'],
  'never ran': [without('w.b'), 'w.b'],
  'ran though skipped': [noted(entry('w.s', 'started', 1, 100)), 'w.s'],
  'letter missing': [recording('w.d', {}, []), 'w.d'],
  'letter too many': [recording('w.d', {}, ['w.d', 'w.a']), 'w.a'],
  early: [noted(entry('w.b', 'started', 2, 140, { saw: {} })), 'w.b'],
  'started for no reason': [recording('w.a', { starts: 2 }), 'w.a'],
  'not announced once': [recording('w.a', { endings: 2 }), 'w.a'],
  'result changed': [recording('w.a', { outputToken: 2 }), 'w.b'],
  'token not growing': [noted(entry('w.a', 'started', 1, 140, { saw: {} })), 'w.a'],
  'stale result': [noted(entry('w.a', 'started', 2, 140, { saw: {} })), 'w.a'],
  'stale write': [recording('w.b', { progressToken: 0 }), 'w.b'],
  late: [{ ...good, patience: { ms: 50, submittedAt: new Map([['w', 40]]) } }, 'w.a'],
  'ran after cancel': [cancelled(entry('w.a', 'started', 1, 1_300)), 'w.a'],
  'cancel not heard': [cancelled(entry('w.a', 'started', 1, 190)), 'w.a'],
  'not replayed once': [{ ...good, replayed: new Set(['w.d']) }, 'w.d'],
}

describe('the checker of histories', () => {
  it('finds nothing in a run that kept every promise', () => {
    expect(check(good)).toEqual([])
    const told = entry('w.a', 'aborted', 1, 400, { code: 'MILLRACE_CANCELLED' })
    expect(check(cancelled(entry('w.a', 'started', 1, 190), told))).toEqual([])
  })

  it.each(Object.keys(VIOLATIONS) as ViolationKind[])('finds "%s"', (kind) => {
    const [run, job] = FOUND[kind]
    expect(wrong(run)).toContain(`${job}: ${kind}`)
  })

  it('finds a job that nobody remembers', () => {
    const jobs = new Map(good.recorded.jobs)
    jobs.delete('w.a')
    expect(wrong({ ...good, recorded: { ...good.recorded, jobs } })).toContain('w.a: lost')
  })

  it('finds a job that was handed back and not taken again in time', () => {
    const handedBack = entry('w.a', 'aborted', 1, 105, { code: 'MILLRACE_DRAINED' })
    const again = entry('w.a', 'started', 2, 200, { saw: {} })
    expect(wrong({ ...good, history: [good.history[0] as Entry, handedBack, again] })).toContain('w.a: late')
  })

  it('lets a job that was replayed be started and end once more, and finds a second replay', () => {
    const replayed = (times: number) => ({
      ...recording('w.a', { starts: 1 + times, replays: times, endings: 1 + times }),
      replayed: new Set(['w.a']),
    })
    expect(check(replayed(1))).toEqual([])
    expect(wrong(replayed(2))).toEqual(['w.a: not replayed once'])
  })

  it('lets an attempt that was stalled or handed back be followed by another one', () => {
    const again = [entry('w.b', 'started', 2, 140, { saw: { a: 1 } }), entry('w.b', 'returned', 2, 150)]
    const recorded = recording('w.b', {
      starts: 3,
      stalls: 1,
      handedBack: 1,
      outputToken: 2,
      progressToken: 2,
    }).recorded
    expect(check({ ...noted(...again), recorded })).toEqual([])
  })
})
