import { MillraceError, TaskError } from '@millrace/shared'
import { describe, expect, it } from 'vitest'
import { blame } from '../../src/policies/blame.ts'
import { Parked } from '../../src/policies/parked.ts'

const http = (status: number) => Object.assign(new Error(`HTTP ${status}`), { status })
const ours = (code: ConstructorParameters<typeof MillraceError>[0]) => new MillraceError(code, code)

describe('what the end of an attempt says about its resource', () => {
  it.each([
    ['an error that says nothing more', new Error('connect ECONNREFUSED')],
    [
      'fetch, that could not connect',
      Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } }),
    ],
    ['an attempt that took too long', ours('MILLRACE_TASK_TIMEOUT')],
    ['a call that took too long', ours('MILLRACE_RESOURCE_TIMEOUT')],
    ['a TaskError that may be retried', new TaskError('GATEWAY', 'no answer')],
    ['HTTP 500', http(500)],
    ['HTTP 503 inside a response', Object.assign(new Error('no'), { response: { status: 503 } })],
    ['HTTP 429: it is flooded', http(429)],
    ['HTTP 408: it was too slow', Object.assign(new Error('no'), { statusCode: 408 })],
    ['text', 'no'],
    ['nothing', undefined],
  ])('failed: %s', (_, thrown) => {
    expect(blame(thrown)).toBe('failed')
  })

  it.each([
    ['HTTP 404', http(404)],
    ['HTTP 422 inside a response', Object.assign(new Error('no'), { response: { statusCode: 422 } })],
    ['a TaskError that may not be retried', new TaskError('CARD_DECLINED', 'no', { retryable: false })],
    ['an UnrecoverableError', Object.assign(new Error('no'), { name: 'UnrecoverableError' })],
  ])('answered: %s', (_, thrown) => {
    expect(blame(thrown)).toBe('answered')
  })

  it.each([
    ['a cancelled workflow', ours('MILLRACE_CANCELLED')],
    ['a drain', ours('MILLRACE_DRAINED')],
    ['a lost lock', ours('MILLRACE_LOCK_LOST')],
    ['an input that does not fit', ours('MILLRACE_INPUT_INVALID')],
    ['a job that is put aside', new Parked('MILLRACE_BREAKER_OPEN', { lot: 'breaker/x', delayMs: 1, why: 'open' })],
  ])('nothing: %s', (_, thrown) => {
    expect(blame(thrown)).toBe('nothing')
  })
})
