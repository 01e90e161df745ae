import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JobFacts } from '../../src/reasons/facts.ts'
import { jobReasons } from '../../src/reasons/job.ts'
import { REASON_CODES } from '../../src/reasons/reason.ts'
import { JOB_STATES } from '../../src/workflow/states.ts'
import { circumstances, job, line, NOW, worker } from './facts.ts'

const maybe = <T>(value: T) => fc.constantFrom(undefined, value)
const OPEN = ['waiting', 'delayed', 'queued']

/** Jobs as they may be, each part on its own: more than can happen. */
const facts = fc.record<Partial<JobFacts>>({
  state: fc.constantFrom(...JOB_STATES),
  fansOut: fc.boolean(),
  failed: fc.nat(3),
  attempts: fc.nat(3),
  startedAt: maybe(NOW - 5_000),
  finishedAt: maybe(NOW - 1_000),
  delayedUntil: maybe(NOW + 5_000),
  parked: fc.option(
    fc.record({
      lot: fc.constantFrom(
        'task/t',
        'workflow/w',
        'breaker/r',
        'bulkhead/r',
        'limit/t',
        'tenant/a',
        'memory/t',
        'other/x',
      ),
      why: fc.constant('so'),
      rank: fc.nat(3),
      jobs: fc.nat(9),
    }),
    { nil: undefined },
  ),
  error: maybe({ code: 'E', message: 'no' }),
  skip: maybe('failed'),
  suspended: fc.boolean(),
  needs: fc.constantFrom<JobFacts['needs']>({ open: 0, named: [] }, { open: 2, named: [{ job: 'a', state: 'dead' }] }),
  line: fc.option(
    fc.nat(50).map((ahead) => line(ahead, { 'mail.send': ahead })),
    { nil: undefined },
  ),
})
const at = fc
  .record({ paused: fc.boolean(), workers: fc.nat(2), active: fc.nat(9), holds: fc.boolean() })
  .map(({ paused, workers, active, holds }) =>
    circumstances({
      active,
      workers: Array.from({ length: workers }, () => worker()),
      pauses: paused ? { task: { at: NOW, by: 'ada' } } : {},
      workflow: { state: 'running', held: false, holds },
    }),
  )

describe('the reasons of any job', () => {
  it('are at least one, each a sentence of its own; and a start is reckoned while it has not begun', () => {
    fc.assert(
      fc.property(facts, at, (facts, at) => {
        const { reasons, start, state } = jobReasons(job(facts), at)
        expect(reasons.length).toBeGreaterThan(0)
        expect(new Set(reasons.map(({ code, about }) => `${code} ${about}`)).size).toBe(reasons.length)
        for (const { text } of reasons) expect(text).toMatch(/^[A-Z0-9a-z].*\S$/)
        expect(start !== undefined).toBe(OPEN.includes(state))
        if (start?.at === undefined) expect(start?.how ?? 'Unknown').toMatch(/^Unknown/)
        else expect(start.at).toBeGreaterThanOrEqual(at.now)
      }),
      { numRuns: 500 },
    )
  })
})

describe('docs/why.md', () => {
  it('explains every code of a reason', () => {
    const manual = readFileSync(new URL('../../../../docs/why.md', import.meta.url), 'utf8')
    expect(REASON_CODES.filter((code) => !manual.includes(`\`${code}\``))).toEqual([])
  })
})
