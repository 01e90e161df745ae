import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Circumstances, JobFacts } from '../../src/reasons/facts.ts'
import { jobReasons } from '../../src/reasons/job.ts'
import { circumstances, job, line, NOW, worker } from './facts.ts'

const startOf = (facts: Partial<JobFacts>, at: Partial<Circumstances>) =>
  jobReasons(job(facts), circumstances(at)).start

describe('the estimate of the start', () => {
  it('is now where a slot is free', () => {
    expect(startOf({}, {})).toEqual({ at: NOW, how: '4 slots of 4 are free: at once.' })
  })

  it('is what is ahead, worked off by all slots', () => {
    expect(startOf({ line: line(39, { 'mail.send': 39 }) }, { active: 4 })).toEqual({
      at: NOW + 20_000,
      how: '39 jobs ahead, of about 2.0 s each (the medians of their tasks), on 4 slots; if nothing more urgent comes.',
    })
  })

  it('is when a delay or a breaker ends', () => {
    const delayed = { state: 'delayed', line: undefined, delayedUntil: NOW + 5_000 } as const
    expect(startOf(delayed, {})?.at).toBe(NOW + 5_000)
  })

  it.each<[string, Partial<JobFacts>, Partial<Circumstances>, RegExp]>([
    [
      'a pause',
      {},
      { pauses: { task: { at: NOW, by: 'ada' } } },
      /^Unknown: nobody can say when the task mail\.send is resumed\.$/,
    ],
    [
      'open needs',
      { state: 'waiting', line: undefined, needs: { open: 1, named: [] } },
      {},
      /^Unknown: nobody can say when its needs end\.$/,
    ],
    ['no worker', {}, { workers: [] }, /^Unknown: nobody can say when a worker for its queue comes\.$/],
    [
      'tasks that nobody has measured',
      { line: line(9, { other: 9 }) },
      { active: 4 },
      /^Unknown: no attempt of the tasks ahead/,
    ],
  ])('is unknown, and says why, with %s', (_what, facts, at, how) => {
    const start = startOf(facts, at)
    expect(start?.at).toBeUndefined()
    expect(start?.how).toMatch(how)
  })

  it('is never earlier with more ahead, nor later with more slots', () => {
    const at = (ahead: number, limit: number) =>
      startOf({ line: line(ahead, { 'mail.send': ahead }) }, { active: limit, workers: [worker({}, { limit })] })
        ?.at as number
    fc.assert(
      fc.property(
        fc.nat(1_000),
        fc.nat(1_000),
        fc.integer({ min: 1, max: 64 }),
        fc.nat(64),
        (ahead, more, limit, slots) => {
          expect(at(ahead + more, limit)).toBeGreaterThanOrEqual(at(ahead, limit))
          expect(at(ahead, limit + slots)).toBeLessThanOrEqual(at(ahead, limit))
        },
      ),
    )
  })
})
