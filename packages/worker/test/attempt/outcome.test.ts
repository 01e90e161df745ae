import { MillraceError, type Rule, TaskError } from '@millrace/shared'
import { UnrecoverableError } from 'bullmq'
import { describe, expect, it } from 'vitest'
import { failureOf } from '../../src/attempt/outcome.ts'
import { Parked } from '../../src/policies/parked.ts'

const reserved = new TaskError('MILLRACE_STALLED', 'not for handlers to say')

describe('what a handler throws', () => {
  it.each([
    ['any error', new Error('boom'), 'MILLRACE_TASK_FAILED', 'retry'],
    ['a TaskError', new TaskError('CARD_DECLINED', 'no'), 'CARD_DECLINED', 'retry'],
    [
      'a TaskError that is not retryable',
      new TaskError('CARD_DECLINED', 'no', { retryable: false }),
      'CARD_DECLINED',
      'bury',
    ],
    ['a TaskError with a code of the catalogue', reserved, 'MILLRACE_TASK_FAILED', 'retry'],
    ["BullMQ's UnrecoverableError", new UnrecoverableError('never'), 'MILLRACE_UNRECOVERABLE', 'bury'],
    ['a refusal of Millrace', new MillraceError('MILLRACE_SPAWN_REFUSED', 'x'), 'MILLRACE_SPAWN_REFUSED', 'bury'],
    [
      'a broker that is away',
      new MillraceError('MILLRACE_BROKER_UNREACHABLE', 'x'),
      'MILLRACE_BROKER_UNREACHABLE',
      'retry',
    ],
    ['the reason of a time limit', new MillraceError('MILLRACE_TASK_TIMEOUT', 'x'), 'MILLRACE_TASK_TIMEOUT', 'retry'],
    ['the reason of a drain', new MillraceError('MILLRACE_DRAINED', 'x'), 'MILLRACE_DRAINED', 'handBack'],
    ['the reason of a lost lock', new MillraceError('MILLRACE_LOCK_LOST', 'x'), 'MILLRACE_LOCK_LOST', 'abandon'],
    ['the reason of a cancelled workflow', new MillraceError('MILLRACE_CANCELLED', 'x'), 'MILLRACE_CANCELLED', 'bury'],
    ['a text', 'boom', 'MILLRACE_TASK_FAILED', 'retry'],
    ['nothing at all', undefined, 'MILLRACE_TASK_FAILED', 'retry'],
  ])('may be %s', (_, thrown, code, verdict) => {
    expect(failureOf(thrown)).toMatchObject({ code, verdict })
  })

  it('keeps its message, its stack and its context', () => {
    const error = new TaskError('CARD_DECLINED', 'the bank said no', { context: { bank: 'b' } })
    expect(failureOf(error)).toMatchObject({ message: 'the bank said no', stack: error.stack, context: { bank: 'b' } })
  })

  it("may look like BullMQ's own errors for moving a job: they are failures like any other", () => {
    expect(failureOf(Object.assign(new Error('x'), { name: 'DelayedError' }))).toMatchObject({ verdict: 'retry' })
  })

  it('is a failure of its task, with a fingerprint; what keeps a job from running is none', () => {
    expect(failureOf(new Error('user 4711 is gone'), 'mail').fingerprint).toMatchObject({
      task: 'mail',
      code: 'MILLRACE_TASK_FAILED',
      pattern: 'user <n> is gone',
    })
    const parked = new Parked('MILLRACE_NETWORK', { lot: 'breaker/x', delayMs: 1, why: 'open' })
    for (const thrown of [
      parked,
      new MillraceError('MILLRACE_DRAINED', 'x'),
      new MillraceError('MILLRACE_CANCELLED', 'x'),
    ])
      expect(failureOf(thrown, 'mail').fingerprint).toBeUndefined()
  })
})

describe('a rule of the task', () => {
  const retry = { attempts: 3, delayMs: 1_000, maxDelayMs: 60_000 }
  const task = (...errors: Rule[]) => ({ errors, retry })

  it('that says `delay` puts the job aside: no attempt is spent', () => {
    const busy = Object.assign(new Error('busy'), { status: 429, headers: { 'retry-after': '7' } })
    expect(failureOf(busy, 'mail', task({ status: 429, verdict: 'delay' }))).toMatchObject({
      verdict: 'park',
      parking: { lot: 'delay/mail', delayMs: 7_000, why: 'busy' },
      code: 'MILLRACE_SERVICE_BUSY',
    })
    const own = task({ code: 'LATER', verdict: 'delay' })
    expect(failureOf(new TaskError('LATER', 'x'), 'mail', own).parking?.delayMs).toBe(1_000)
  })

  it('may bury what would be tried again, a time limit for instance', () => {
    const late = new MillraceError('MILLRACE_TASK_TIMEOUT', 'x')
    expect(failureOf(late, 'mail', task({ code: 'MILLRACE_TASK_TIMEOUT', verdict: 'bury' })).verdict).toBe('bury')
  })

  it('has no say in what belongs to the worker', () => {
    const rules = task({ class: 'MillraceError', verdict: 'bury' })
    expect(failureOf(new MillraceError('MILLRACE_DRAINED', 'x'), 'mail', rules).verdict).toBe('handBack')
    expect(failureOf(new MillraceError('MILLRACE_LOCK_LOST', 'x'), 'mail', rules).verdict).toBe('abandon')
  })
})
