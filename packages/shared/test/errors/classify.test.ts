import { describe, expect, it } from 'vitest'
import { classify } from '../../src/errors/classify.ts'
import { MillraceError } from '../../src/errors/millrace-error.ts'
import type { Rule } from '../../src/errors/rules.ts'
import { TaskError } from '../../src/errors/task-error.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
const judge = (thrown: unknown, ...rules: Rule[]) => classify(thrown, rules, NOW)
const like = (fields: object, options?: ErrorOptions) => Object.assign(new Error('boom', options), fields)
const unrecoverable = Object.assign(new Error('never'), { name: 'UnrecoverableError' })
class HttpError extends Error {}
class NotFound extends HttpError {}

/** As the clients of this world throw it. */
const refusals: [client: string, thrown: unknown][] = [
  ['a fetch Response, thrown as it is', new Response(null, { status: 404 })],
  ['ky: a Response in `response`', like({ response: new Response(null, { status: 404 }) })],
  ['axios: `response.status` and its code', like({ code: 'ERR_BAD_REQUEST', response: { status: 404, headers: {} } })],
  ['got: `response.statusCode`', like({ code: 'ERR_NON_2XX_3XX_RESPONSE', response: { statusCode: 404 } })],
  ['undici: `statusCode`', like({ name: 'ResponseStatusCodeError', statusCode: 404 })],
  ['many SDKs: `status`', like({ status: 404, headers: new Headers() })],
  ['AWS: `$metadata`', like({ $metadata: { httpStatusCode: 404 } })],
  ['the cause of another error', new Error('sync failed', { cause: like({ status: 404 }) })],
]

const unreachable: [how: string, thrown: unknown][] = [
  ['fetch, refused', new TypeError('fetch failed', { cause: like({ code: 'ECONNREFUSED' }) })],
  ['fetch, connect timeout', new TypeError('fetch failed', { cause: like({ code: 'UND_ERR_CONNECT_TIMEOUT' }) })],
  ['fetch, socket closed', new TypeError('fetch failed', { cause: like({ code: 'UND_ERR_SOCKET' }) })],
  ['AbortSignal.timeout', new DOMException('The operation was aborted due to timeout', 'TimeoutError')],
  ['axios, timeout', like({ code: 'ECONNABORTED' })],
  ['axios, network', like({ code: 'ERR_NETWORK' })],
  ['got, timeout', like({ name: 'TimeoutError', code: 'ETIMEDOUT' })],
  ['a socket that was reset', like({ code: 'ECONNRESET' })],
  ['DNS that does not answer', like({ code: 'EAI_AGAIN' })],
  ['a name that is not known', like({ code: 'ENOTFOUND' })],
  [
    'Node, several addresses',
    Object.assign(new AggregateError([like({ code: 'ENETUNREACH' })]), { code: 'ETIMEDOUT' }),
  ],
]

describe('an error that nobody speaks about', () => {
  it.each([
    ['any error', new Error('boom')],
    ['a text', 'boom'],
    ['nothing', undefined],
    ['null', null],
    ['a number', 404],
    ['an exit code of a child process', like({ status: 127 })],
    ['a file that is not there', like({ code: 'ENOENT' })],
    ['a status that is a text', like({ status: '404' })],
    ['a success', like({ status: 204 })],
    [
      'an error whose fields throw',
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('hands off')
          },
        },
      ),
    ],
  ])('is tried again: %s', (_, thrown) => {
    expect(judge(thrown)).toMatchObject({ verdict: 'retry', code: 'MILLRACE_TASK_FAILED', category: 'handler' })
  })
})

describe('a service that refuses', () => {
  it.each(refusals)('has its job buried: %s', (_, thrown) => {
    expect(judge(thrown)).toMatchObject({ verdict: 'bury', code: 'MILLRACE_SERVICE_REFUSED', category: 'service' })
  })

  it.each([400, 401, 403, 409, 410, 422, 451])('refuses with %d', (status) => {
    expect(judge(like({ status })).verdict).toBe('bury')
  })
})

describe('a service that cannot', () => {
  it.each([408, 425, 500, 502, 504, 599])('is asked again after %d', (status) => {
    expect(judge(like({ status }))).toMatchObject({ verdict: 'retry', code: 'MILLRACE_SERVICE_FAILED' })
  })

  it.each(unreachable)('is asked again when it cannot be reached: %s', (_, thrown) => {
    expect(judge(thrown)).toMatchObject({ verdict: 'retry', code: 'MILLRACE_NETWORK', category: 'service' })
  })
})

describe('a service that asks to be left alone', () => {
  const date = new Date(NOW + 90_000).toUTCString()
  it.each([
    [
      '429, seconds, fetch',
      { response: new Response(null, { status: 429, headers: { 'Retry-After': '30' } }) },
      30_000,
    ],
    ['503, seconds, axios', { response: { status: 503, headers: { 'retry-after': '2' } } }, 2_000],
    ['got: a list of headers', { response: { statusCode: 429, headers: { 'retry-after': ['5', '9'] } } }, 5_000],
    ['another spelling', { status: 429, headers: { 'Retry-After': 4 } }, 4_000],
    ['fractions', { status: 429, headers: { 'retry-after': '0.5' } }, 500],
    ['a date', { status: 503, headers: { 'retry-after': date } }, 90_000],
    ['a date that is over', { status: 503, headers: { 'retry-after': new Date(0).toUTCString() } }, 0],
    ['a day: an hour at most', { status: 503, headers: { 'retry-after': '86400' } }, 3_600_000],
    ['nothing', { status: 429 }, undefined],
    ['nonsense', { status: 429, headers: { 'retry-after': 'soon' } }, undefined],
    ['a negative number', { status: 429, headers: { 'retry-after': '-5' } }, undefined],
  ])('is: %s', (_, fields, delayMs) => {
    const judgement = judge(like(fields))
    expect(judgement).toMatchObject({ verdict: 'retry', code: 'MILLRACE_SERVICE_BUSY', severity: 'low' })
    expect(judgement.delayMs).toBe(delayMs)
  })
})

describe('what an error says itself', () => {
  it.each([
    ['UnrecoverableError', unrecoverable, 'bury', 'MILLRACE_UNRECOVERABLE'],
    ['a TaskError', new TaskError('DECLINED', 'no'), 'retry', 'DECLINED'],
    ['a TaskError, not retryable', new TaskError('DECLINED', 'no', { retryable: false }), 'bury', 'DECLINED'],
    [
      'a TaskError with a code of the catalogue',
      new TaskError('MILLRACE_STALLED', 'x'),
      'retry',
      'MILLRACE_TASK_FAILED',
    ],
    [
      'a TaskError whose cause was refused',
      new TaskError('PUSH', 'x', { cause: like({ status: 400 }) }),
      'bury',
      'PUSH',
    ],
    [
      'a TaskError that knows better than its cause',
      new TaskError('PUSH', 'x', { retryable: true, cause: like({ status: 400 }) }),
      'retry',
      'PUSH',
    ],
    [
      'an error caused by an UnrecoverableError',
      new Error('x', { cause: unrecoverable }),
      'bury',
      'MILLRACE_UNRECOVERABLE',
    ],
    [
      'one deep inside',
      new Error('1', { cause: new Error('2', { cause: new TaskError('T', '3', { retryable: false }) }) }),
      'bury',
      'T',
    ],
    ['an error of Millrace', new MillraceError('MILLRACE_SPAWN_REFUSED', 'x'), 'bury', 'MILLRACE_SPAWN_REFUSED'],
    [
      'a broker that is away',
      new MillraceError('MILLRACE_BROKER_UNREACHABLE', 'x'),
      'retry',
      'MILLRACE_BROKER_UNREACHABLE',
    ],
  ])('counts: %s', (_, thrown, verdict, code) => {
    expect(judge(thrown)).toMatchObject({ verdict, code })
  })

  it('goes before the rules of its task', () => {
    const always: Rule = { class: 'Error', verdict: 'retry' }
    expect(judge(unrecoverable, always).verdict).toBe('bury')
    expect(judge(new TaskError('X', 'x', { retryable: false }), always).verdict).toBe('bury')
  })

  it('may be severity, category and context too', () => {
    const error = new TaskError('X', 'x', { severity: 'critical', category: 'payment', context: { bank: 'b' } })
    expect(judge(error)).toMatchObject({ severity: 'critical', category: 'payment', context: { bank: 'b' } })
    expect(judge(Object.assign(error, { severity: 'urgent', category: 7 }))).toMatchObject({
      severity: 'medium',
      category: 'handler',
    })
  })
})

describe('a rule of a task', () => {
  it.each([
    ['a code', { code: 'P2002', verdict: 'bury' }, like({ code: 'P2002' }), { verdict: 'bury', code: 'P2002' }],
    [
      'a code of its own',
      { code: 'LATER', verdict: 'bury' },
      new TaskError('LATER', 'x'),
      { verdict: 'bury', code: 'LATER' },
    ],
    [
      'a class',
      { class: 'NotFound', verdict: 'bury' },
      new NotFound('x'),
      { verdict: 'bury', code: 'MILLRACE_TASK_FAILED' },
    ],
    ['a class that it extends', { class: 'HttpError', verdict: 'bury' }, new NotFound('x'), { verdict: 'bury' }],
    ['a name', { class: 'ZodError', verdict: 'bury' }, like({ name: 'ZodError' }), { verdict: 'bury' }],
    [
      'a status',
      { status: 404, verdict: 'retry' },
      like({ status: 404 }),
      { verdict: 'retry', code: 'MILLRACE_SERVICE_REFUSED' },
    ],
    ['a kind of status', { status: '5xx', verdict: 'bury' }, like({ status: 502 }), { verdict: 'bury' }],
    ['a cause', { code: 'ECONNREFUSED', verdict: 'bury' }, unreachable[0]?.[1], { verdict: 'bury' }],
    [
      'a time limit',
      { code: 'MILLRACE_TASK_TIMEOUT', verdict: 'bury' },
      new MillraceError('MILLRACE_TASK_TIMEOUT', 'x'),
      { verdict: 'bury', code: 'MILLRACE_TASK_TIMEOUT' },
    ],
    [
      'another severity and code',
      { status: 402, verdict: 'bury', severity: 'critical', as: 'NO_MONEY' },
      like({ status: 402 }),
      { severity: 'critical', code: 'NO_MONEY' },
    ],
    ['the delay', { class: 'Error', verdict: 'delay', delayMs: 70 }, new Error('x'), { verdict: 'delay', delayMs: 70 }],
    [
      'a delay, but the service says more',
      { status: 429, verdict: 'delay', delayMs: 70 },
      like({ status: 429, headers: { 'retry-after': '3' } }),
      { delayMs: 3_000 },
    ],
  ] as [string, Rule, unknown, object][])('may go by, or give: %s', (_, rule, thrown, judgement) => {
    expect(judge(thrown, rule)).toMatchObject(judgement)
  })

  it('says nothing about what it does not fit: all that it names must', () => {
    const rule: Rule = { code: 'A', status: 404, verdict: 'delay' }
    expect(judge(like({ code: 'A' }), rule).verdict).toBe('retry')
    expect(judge(like({ code: 'B', status: 404 }), rule).verdict).toBe('bury')
    expect(judge(like({ code: 'A', status: 404 }), rule).verdict).toBe('delay')
  })

  it('counts before those that follow', () => {
    const rules: Rule[] = [
      { status: 404, verdict: 'retry' },
      { status: '4xx', verdict: 'delay' },
    ]
    expect([404, 403].map((status) => judge(like({ status }), ...rules).verdict)).toEqual(['retry', 'delay'])
  })

  it('cannot make a foreign error one of Millrace', () => {
    const rule: Rule = { code: 'MILLRACE_STALLED', verdict: 'bury' }
    expect(judge(like({ code: 'MILLRACE_STALLED' }), rule).code).toBe('MILLRACE_TASK_FAILED')
  })
})

describe('several errors at once', () => {
  const [refused, failed, unknown] = [like({ status: 404 }), like({ status: 502 }), new Error('x')]
  it.each([
    ['all refused', [refused, like({ status: 400 })], 'bury'],
    ['one may succeed the next time', [refused, failed], 'retry'],
    ['one that nobody speaks about may, too', [refused, unknown], 'retry'],
    ['one forbids it itself', [failed, unrecoverable], 'bury'],
    ['none', [], 'retry'],
  ])('are judged together: %s', (_, errors, verdict) => {
    expect(judge(new AggregateError(errors, 'several')).verdict).toBe(verdict)
  })

  it('wait for the most patient of them', () => {
    const errors = ['3', '9', '5'].map((seconds) => like({ status: 429, headers: { 'retry-after': seconds } }))
    expect(judge(new AggregateError(errors)).delayMs).toBe(9_000)
  })
})

describe('the message', () => {
  it('says what caused it, once', () => {
    const cause = new Error('connect ECONNREFUSED 127.0.0.1:1')
    expect(judge(new TypeError('fetch failed', { cause })).message).toBe(
      'fetch failed: connect ECONNREFUSED 127.0.0.1:1',
    )
    expect(judge(new Error(`no: ${cause.message}`, { cause })).message).toBe(`no: ${cause.message}`)
    expect(judge(new AggregateError([new Error('a'), new Error('b')], 'all')).message).toBe('all: a; b')
    expect(judge(new Response(null, { status: 404, statusText: 'Not Found' })).message).toBe('HTTP 404 Not Found')
  })

  it('has an end, even when errors cause each other', () => {
    const [a, b] = [new Error('a'), new Error('b')]
    a.cause = b
    b.cause = a
    expect(judge(a)).toMatchObject({ message: 'a: b', stack: expect.stringContaining('caused by: Error: b') })
  })
})
