import { describe, expect, it } from 'vitest'
import type { Circumstances, JobFacts, LimitFacts } from '../../src/reasons/facts.ts'
import { jobReasons } from '../../src/reasons/job.ts'
import type { ReasonCode } from '../../src/reasons/reason.ts'
import { circumstances, job, line, NOW, worker } from './facts.ts'

const breaker = (halfOpenInMs: number) => ({
  name: 'stripe',
  openings: 1,
  openedAt: NOW - 5_000,
  halfOpenInMs,
  by: 'w1',
  why: 'no answer',
})
const limit = (rest: Partial<LimitFacts>): LimitFacts => ({
  lot: 'limit/mail.send',
  slots: undefined,
  rate: undefined,
  parked: 0,
  ...rest,
})
const lot = (name: string, why = 'so'): Partial<JobFacts> => ({
  state: 'delayed',
  line: undefined,
  delayedUntil: NOW + 60_000,
  parked: { lot: name, why, rank: 1, jobs: 3 },
})

const CASES: readonly [
  what: string,
  facts: Partial<JobFacts>,
  at: Partial<Circumstances>,
  codes: ReasonCode[],
  text: string,
][] = [
  ['a free slot', {}, {}, ['next'], 'Nothing keeps it: it is the next of its queue, and a slot is free.'],
  [
    'open needs',
    {
      state: 'waiting',
      line: undefined,
      needs: {
        open: 7,
        named: [
          { job: 'b', state: 'waiting' },
          { job: 'a', state: 'active' },
        ],
      },
    },
    {},
    ['needs-open'],
    'It waits for 7 needs: a (active), b (waiting) and 5 more.',
  ],
  [
    'a dead need that the workflow holds for',
    { state: 'waiting', line: undefined, needs: { open: 1, named: [{ job: 'a', state: 'dead' }] } },
    { workflow: { state: 'running', held: true, holds: true } },
    ['need-dead'],
    'a is dead, and the workflow holds what needs it until a replay succeeds.',
  ],
  [
    'jobs that it spawned',
    {
      state: 'waiting',
      line: undefined,
      suspended: true,
      needs: { open: 1, named: [{ job: 'send.0', state: 'active' }] },
    },
    {},
    ['spawned-open'],
    'It has run and waits for 1 job that it spawned: send.0 (active).',
  ],
  [
    'a workflow that is written',
    {},
    { workflow: { state: 'loading', held: false, holds: false } },
    ['workflow-loading'],
    'Its workflow is still being written; nothing of it begins before that.',
  ],
  [
    'its delay',
    { state: 'delayed', line: undefined, delayedUntil: NOW + 90_000 },
    {},
    ['delayed'],
    'It is delayed for another 1 min 30 s.',
  ],
  [
    'a worker that looks, once its delay is over',
    { state: 'delayed', line: undefined, delayedUntil: NOW - 1 },
    {},
    ['delayed'],
    'Its delay is over: the next worker that looks takes it up.',
  ],
  [
    'its next attempt',
    {
      state: 'delayed',
      line: undefined,
      delayedUntil: NOW + 4_200,
      failed: 2,
      error: { code: 'E_SMTP', message: 'no\nanswer' },
    },
    {},
    ['retry'],
    'Its next attempt comes in 4.2 s; 2 attempts failed: E_SMTP: no',
  ],
  [
    'a paused task',
    {},
    { pauses: { task: { at: NOW - 60_000, by: 'ada' } } },
    ['task-paused'],
    'The task "mail.send" is paused by ada, 1 min ago.',
  ],
  [
    'a paused workflow',
    {},
    { pauses: { workflow: { at: undefined, by: undefined } } },
    ['workflow-paused'],
    'The workflow "nightly" is paused.',
  ],
  [
    'a paused queue',
    {},
    { pauses: { queue: { at: NOW - 1_000, by: undefined } } },
    ['queue-paused'],
    'The queue "mail" is paused, 1.0 s ago.',
  ],
  [
    'an open breaker of what it uses',
    { uses: ['stripe'] },
    { breakers: new Map([['stripe', breaker(30_000)]]) },
    ['breaker-open'],
    'The breaker of "stripe" is open for another 30.0 s; opened 5.0 s ago by w1: no answer.',
  ],
  [
    'a breaker that an operator closes',
    { uses: ['stripe'] },
    { breakers: new Map([['stripe', breaker(Number.POSITIVE_INFINITY)]]) },
    ['breaker-open'],
    'The breaker of "stripe" is open until somebody closes it; opened 5.0 s ago by w1: no answer.',
  ],
  [
    'a breaker that is probed',
    { uses: ['stripe'] },
    { breakers: new Map([['stripe', breaker(0)]]) },
    ['breaker-open'],
    'The breaker of "stripe" is half-open: one job probes, the others wait for it; opened 5.0 s ago by w1: no answer.',
  ],
  [
    'nothing that only its fan-out will meet',
    { uses: ['stripe'], fansOut: true },
    { breakers: new Map([['stripe', breaker(0)]]) },
    ['next'],
    'Nothing keeps it: it is the next of its queue, and a slot is free.',
  ],
  [
    'the limit of its task',
    {},
    { limits: [limit({ slots: { used: 3, most: 3 } })] },
    ['concurrency-full'],
    '3 attempts of the task mail.send run, as many as may over all workers (3).',
  ],
  [
    'the rate of its task',
    {},
    { limits: [limit({ rate: { begun: 5, max: 5, perMs: 60_000, roomAt: NOW + 12_000 } })] },
    ['rate-reached'],
    '5 attempts of the task mail.send began within 1 min, as many as may; the next in 12.0 s.',
  ],
  [
    'its tenant',
    { tenant: 'acme' },
    { limits: [limit({ lot: 'tenant/acme', slots: { used: 2, most: 2 } })] },
    ['tenant-full'],
    'The tenant acme has 2 attempts running, as many as it may (2).',
  ],
  [
    'a full bulkhead',
    lot('bulkhead/stripe', 'the bulkhead of "stripe" is full: 2 at once'),
    {},
    ['bulkhead-full'],
    'It was put aside, number 2 of 3 jobs that wait for this: the bulkhead of "stripe" is full: 2 at once. It comes back in 1 min at the latest.',
  ],
  [
    'memory',
    lot('memory/mail.send'),
    {},
    ['memory-reserved'],
    'It was put aside, number 2 of 3 jobs that wait for this: so. It comes back in 1 min at the latest.',
  ],
  [
    'another worker',
    lot('worker/mail.send'),
    {},
    ['worker-unhealthy'],
    'It was put aside, number 2 of 3 jobs that wait for this: so. It comes back in 1 min at the latest.',
  ],
  [
    'an equal job',
    lot('cache/mail.send-ab12'),
    {},
    ['cache-awaited'],
    'It was put aside, number 2 of 3 jobs that wait for this: so.',
  ],
  [
    'what its handler asked for',
    lot('delay/mail.send'),
    {},
    ['postponed'],
    'It was put aside, number 2 of 3 jobs that wait for this: so. It comes back in 1 min at the latest.',
  ],
  [
    'a pause that is over',
    lot('task/mail.send', 'the task "mail.send" is paused'),
    {},
    ['coming-back'],
    'It was put aside because the task "mail.send" is paused. That is over: it is on its way back to its queue.',
  ],
  [
    'a pause, said once',
    lot('task/mail.send'),
    { pauses: { task: { at: undefined, by: undefined } } },
    ['task-paused'],
    'The task "mail.send" is paused.',
  ],
  [
    'a limit whose task nobody announces',
    lot('slots/mail.send'),
    {},
    ['concurrency-full'],
    'It was put aside, number 2 of 3 jobs that wait for this: so.',
  ],
  [
    'no worker at all',
    {},
    { workers: [] },
    ['no-worker'],
    'No live worker has the task "mail.send", and none takes from the queue "mail".',
  ],
  [
    'workers that listen elsewhere',
    {},
    { workers: [worker({ queues: ['other'] })] },
    ['no-worker'],
    'No live worker takes from the queue "mail"; w1 has the task "mail.send" but listens elsewhere.',
  ],
  [
    'workers without its task',
    {},
    { workers: [worker({ tasks: [] })] },
    ['task-absent'],
    'No live worker has the task "mail.send"; w1 takes from the queue "mail" without it and would bury the job.',
  ],
  [
    'workers short of memory',
    {},
    { workers: [worker({}, { taking: false })] },
    ['workers-short-of-memory'],
    '1 worker could run it and takes nothing while memory is short: w1.',
  ],
  [
    'others before it',
    { line: line(3, { 'mail.send': 3 }) },
    {},
    ['behind-others'],
    '3 jobs of its queue go first: 3 normal.',
  ],
  [
    'slots that are taken',
    {},
    { active: 4 },
    ['workers-full'],
    'All 4 slots of the workers on its queue are taken (1 worker that has its task).',
  ],
]

describe('a job that does not run', () => {
  it.each(CASES)('waits for %s', (_what, facts, at, codes, text) => {
    const { reasons } = jobReasons(job(facts), circumstances(at))
    expect(reasons.map(({ code }) => code)).toEqual(codes)
    expect(reasons[0]?.text).toBe(text)
  })

  it('is told every reason at once, where it stands first', () => {
    const facts = job({
      state: 'waiting',
      line: undefined,
      needs: { open: 1, named: [{ job: 'a', state: 'queued' }] },
      uses: ['stripe'],
    })
    const at = circumstances({
      pauses: { task: { at: undefined, by: undefined }, queue: { at: undefined, by: undefined } },
      breakers: new Map([['stripe', breaker(1_000)]]),
      workers: [],
    })
    const { reasons } = jobReasons(facts, at)
    expect(reasons.map(({ code }) => code)).toEqual([
      'needs-open',
      'task-paused',
      'queue-paused',
      'breaker-open',
      'no-worker',
    ])
    expect(reasons.filter(({ help }) => help !== undefined).map(({ help }) => help)).toContain(
      'millrace resume task mail.send',
    )
  })

  it('knows the resources of its task from the workers that announce them', () => {
    const tasks = [{ name: 'mail.send', queue: 'mail', description: '', uses: ['stripe'] }]
    const at = circumstances({ workers: [worker({ tasks })], breakers: new Map([['stripe', breaker(1_000)]]) })
    expect(jobReasons(job(), at).reasons.map(({ code }) => code)).toEqual(['breaker-open'])
  })
})

describe('a job that runs', () => {
  it('says since when, where, which attempt, and what is left of its limit', () => {
    const facts = job({ state: 'active', line: undefined, startedAt: NOW - 3_000, attempts: 2, worker: 'w1' })
    const { reasons, start } = jobReasons(facts, circumstances({ timeLimitMs: 10_000 }))
    expect(reasons).toMatchObject([
      {
        code: 'active',
        text: 'It runs for 3.0 s on w1, attempt 2, 7.0 s of its limit left; attempts of its task usually take 2.0 s.',
        until: NOW + 7_000,
        data: { attempt: 2, worker: 'w1', startedAt: NOW - 3_000, limitMs: 10_000 },
      },
    ])
    expect(start).toBeUndefined()
  })
})

describe('a job that has ended', () => {
  it.each([
    ['succeeded', { startedAt: NOW - 3_000 }, 'It succeeded 1.0 s ago, after 2.0 s.'],
    ['skipped', { skip: 'failed' }, 'It was skipped 1.0 s ago: a job that it needs did not succeed.'],
    ['skipped', { skip: 'unneeded' }, 'It was skipped 1.0 s ago: what it was to react to did not happen.'],
    ['cancelled', { attempts: 1 }, 'It was cancelled with its workflow, after 1 attempt.'],
    [
      'dead',
      { attempts: 3, error: { code: 'MILLRACE_TASK_TIMEOUT', message: 'too long' } },
      'It failed for good 1.0 s ago after 3 attempts: MILLRACE_TASK_TIMEOUT: too long',
    ],
  ] as const)('%s says so', (state, rest, text) => {
    const { reasons } = jobReasons(job({ state, line: undefined, finishedAt: NOW - 1_000, ...rest }), circumstances())
    expect(reasons).toMatchObject([{ code: state, text }])
  })

  it('says how a dead one is replayed', () => {
    const [reason] = jobReasons(job({ state: 'dead', line: undefined }), circumstances()).reasons
    expect(reason?.help).toContain('millrace dlq replay mail~nightly.send')
  })
})
