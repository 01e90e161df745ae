import { describe, expect, it } from 'vitest'
import { frontierGroups } from '../../src/reasons/frontier.ts'
import { type QueueFacts, queueReasons } from '../../src/reasons/queue.ts'
import type { Reason, ReasonCode } from '../../src/reasons/reason.ts'
import { scheduleReasons } from '../../src/reasons/schedule.ts'
import { workflowReasons } from '../../src/reasons/workflow.ts'
import type { WorkflowSummary } from '../../src/views/views.ts'
import { NOW, worker } from './facts.ts'

describe('the jobs that could be next', () => {
  it('stand together by what keeps them, the most first, with the earliest end', () => {
    const paused: Reason = { code: 'task-paused', about: 'task a', text: 'a is paused' }
    const delay = (until: number): Reason => ({ code: 'delayed', text: `until ${until}`, until })
    expect(
      frontierGroups([
        { reason: delay(9), jobs: 2, names: ['d1', 'd2'] },
        { reason: paused, jobs: 4, names: ['p1'] },
        { reason: delay(5), jobs: 1, names: ['d3'] },
        { reason: paused, jobs: 1, names: ['p5'] },
      ]),
    ).toEqual([
      { reason: paused, jobs: 5, names: ['p1', 'p5'] },
      { reason: delay(5), jobs: 3, names: ['d1', 'd2', 'd3'] },
    ])
  })
})

const summary = (
  rest: Partial<WorkflowSummary> = {},
  jobs: Partial<WorkflowSummary['jobs']> = {},
): WorkflowSummary => ({
  id: 'nightly',
  name: 'nightly',
  state: 'running',
  held: false,
  paused: false,
  priority: 'normal',
  onFailure: 'skip',
  submittedAt: NOW - 10_000,
  finishedAt: undefined,
  ...rest,
  jobs: { total: 9, waiting: 2, runnable: 1, succeeded: 1, dead: 0, skipped: 0, cancelled: 0, ...jobs },
})

describe('a workflow', () => {
  it.each<[string, WorkflowSummary, ReasonCode[], RegExp]>([
    ['that is written', summary({ state: 'loading' }), ['workflow-loading'], /still being written/],
    [
      'with dead jobs',
      summary({}, { dead: 2, skipped: 3 }),
      ['need-dead'],
      /^2 jobs are dead, and 3 jobs were skipped for it; it will fail/,
    ],
    [
      'that is held',
      summary({ held: true, onFailure: 'hold' }, { dead: 1 }),
      ['need-dead'],
      /^1 job is dead, and nothing can run before a replay: 2 jobs wait/,
    ],
    [
      'that failed',
      summary({ state: 'failed', finishedAt: NOW - 1_000 }, { dead: 1 }),
      ['dead'],
      /^It failed 1.0 s ago: 1 job is dead\.$/,
    ],
    ['that was cancelled', summary({ state: 'cancelled' }), ['cancelled'], /^It was cancelled\.$/],
    [
      'that succeeded',
      summary({ state: 'succeeded', finishedAt: NOW }),
      ['succeeded'],
      /^It succeeded 0 ms ago, after 10.0 s\.$/,
    ],
  ])('%s says so', (_what, workflow, codes, text) => {
    const reasons = workflowReasons(workflow, undefined, { groups: [], dead: [] }, NOW)
    expect(reasons.map(({ code }) => code)).toEqual(codes)
    expect(reasons[0]?.text).toMatch(text)
  })

  it('names what is dead, with its error', () => {
    const dead = [
      { job: 'charge', code: 'CARD_DECLINED' },
      { job: 'mail', code: 'MILLRACE_TASK_TIMEOUT' },
    ]
    const failed = summary({ state: 'failed' }, { dead: 2, skipped: 1 })
    expect(workflowReasons(failed, undefined, { groups: [], dead }, NOW)).toMatchObject([
      {
        text: 'It failed: 2 jobs are dead: charge (CARD_DECLINED), mail (MILLRACE_TASK_TIMEOUT), and 1 job was skipped for it.',
        data: { jobs: dead },
      },
    ])
  })

  it('that is paused says by whom, and what still runs', () => {
    const active = { reason: { code: 'active', text: 'It runs.' }, jobs: 2, names: ['a', 'b'] } as const
    const texts = workflowReasons(
      summary({ paused: true }),
      { at: NOW - 1_000, by: 'ada' },
      { groups: [active] },
      NOW,
    ).map(({ text }) => text)
    expect(texts).toEqual(['The workflow "nightly" is paused by ada, 1.0 s ago.', '2 jobs of it run now.'])
  })
})

const queue = (rest: Partial<QueueFacts> = {}): QueueFacts => ({
  name: 'mail',
  now: NOW,
  paused: undefined,
  queued: 5,
  delayed: 0,
  waiting: 0,
  active: 0,
  capacity: 100,
  workers: [worker()],
  limits: [],
  parked: [],
  ...rest,
})

describe('a queue', () => {
  it.each<[string, Partial<QueueFacts>, ReasonCode[], RegExp]>([
    ['that is paused', { paused: { at: NOW - 1_000, by: 'ada' } }, ['queue-paused'], /paused by ada/],
    ['without workers', { workers: [] }, ['no-worker'], /^No live worker takes from/],
    [
      'whose workers are short of memory',
      { workers: [worker({}, { taking: false })] },
      ['workers-short-of-memory'],
      /memory is short: w1/,
    ],
    [
      'whose slots are taken',
      { active: 4 },
      ['workers-full'],
      /^All 4 slots of its 1 worker are taken, and 5 jobs wait/,
    ],
    [
      'with a limit that is reached',
      { limits: [{ lot: 'slots/a', slots: { used: 1, most: 1 }, rate: undefined, parked: 2 }] },
      ['concurrency-full'],
      /task a run/,
    ],
    [
      'with jobs that wait for a breaker',
      { parked: [{ lot: 'breaker/stripe', jobs: 7, about: true }] },
      ['breaker-open'],
      /^About 7 jobs wait for the breaker of "stripe"\.$/,
    ],
    [
      'that sheds',
      { queued: 90 },
      ['queue-full'],
      /^It holds 90 of the 100 jobs that may wait in it: workflows of the levels low and background are refused\.$/,
    ],
    ['that is full', { queued: 100 }, ['queue-full'], /nothing more is taken in\.$/],
    ['that is empty', { queued: 0 }, ['queue-empty'], /^It is empty\.$/],
    [
      'of which everything waits',
      { queued: 0, delayed: 2, waiting: 1 },
      ['queue-empty'],
      /2 jobs wait for a time, 1 job waits for needs\.$/,
    ],
    ['that nothing keeps', {}, ['next'], /^Nothing keeps it: 5 jobs are about to be taken\.$/],
  ])('%s says so', (_what, rest, codes, text) => {
    const reasons = queueReasons(queue(rest))
    expect(reasons.map(({ code }) => code)).toEqual(codes)
    expect(reasons[0]?.text).toMatch(text)
  })
})

describe('a schedule', () => {
  it('says when it is due, that nobody is there to submit, and why its last run submitted nothing', () => {
    const last = {
      slot: NOW - 60_000,
      at: NOW - 59_000,
      outcome: 'skipped',
      workflow: 'n-1',
      state: 'running',
      why: 'n-1 has not ended',
    } as const
    const view = {
      name: 'nightly',
      workflow: 'nightly',
      overlap: 'skip',
      everyMs: 60_000,
      nextAt: NOW + 5_000,
      last,
    } as const
    const { reasons } = scheduleReasons(view, [], NOW)
    expect(reasons.map(({ code, text }) => `${code}: ${text}`)).toEqual([
      'no-worker: No live worker is there: it is workers that submit what is due.',
      'not-due: Its next run is due in 5.0 s.',
      'last-run-skipped: Its last run, due 1 min ago, was skipped: n-1 has not ended.',
    ])
  })
})
