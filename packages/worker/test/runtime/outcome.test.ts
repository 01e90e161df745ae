import { MillraceError, TaskError } from '@millrace/shared'
import { UnrecoverableError } from 'bullmq'
import { describe, expect, it } from 'vitest'
import { classify } from '../../src/runtime/outcome.ts'

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
    expect(classify(thrown)).toMatchObject({ code, verdict })
  })

  it('keeps its message, its stack and its context', () => {
    const error = new TaskError('CARD_DECLINED', 'the bank said no', { context: { bank: 'b' } })
    expect(classify(error)).toMatchObject({ message: 'the bank said no', stack: error.stack, context: { bank: 'b' } })
  })

  it("may look like BullMQ's own errors for moving a job: they are failures like any other", () => {
    expect(classify(Object.assign(new Error('x'), { name: 'DelayedError' }))).toMatchObject({ verdict: 'retry' })
  })
})
