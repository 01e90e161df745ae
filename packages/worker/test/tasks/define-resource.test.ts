import { describe, expect, it } from 'vitest'
import { defineResource, defineTask } from '../../src/index.ts'
import { loadFolder } from '../../src/tasks/load.ts'

describe('a resource', () => {
  it('may say nothing: the settings of the worker fill it in', () => {
    expect(defineResource('stripe')).toEqual({
      kind: 'resource',
      name: 'stripe',
      breaker: undefined,
      bulkhead: undefined,
      timeoutMs: undefined,
      retry: { attempts: 1, delayMs: 100, maxDelayMs: 1_000 },
    })
  })

  it('may be short: numbers of failures, slots and tries', () => {
    expect(defineResource('stripe', { breaker: 3, bulkhead: 2, retry: 4, timeout: '2s' })).toMatchObject({
      breaker: { count: { kind: 'consecutive', failures: 3 } },
      bulkhead: { limit: 2, queue: 0 },
      timeoutMs: 2_000,
      retry: { attempts: 4 },
    })
  })

  it('may open by the share of failures in a time', () => {
    const breaker = { threshold: 0.5, duration: '30s', minimumRps: 2, halfOpenAfter: '5s', maxHalfOpenAfter: '1m' }
    expect(defineResource('stripe', { breaker }).breaker).toEqual({
      count: { kind: 'sampling', threshold: 0.5, durationMs: 30_000, minimumRps: 2 },
      halfOpenAfterMs: 5_000,
      maxHalfOpenAfterMs: 60_000,
    })
  })

  it('may have neither breaker nor bulkhead', () => {
    expect(defineResource('stripe', { breaker: false, bulkhead: false })).toMatchObject({
      breaker: false,
      bulkhead: false,
    })
  })

  it('is refused with all its problems at once', () => {
    const options = {
      breaker: { threshold: 2, duration: 'long', minimumRps: 0, failures: 3 },
      bulkhead: { limit: 0, queue: -1, slots: 3 },
      timeout: 0,
      retry: { attempts: 0 },
      colour: 'red',
    }
    let problems = ''
    try {
      defineResource('a b', options as never)
    } catch (error) {
      expect(error).toMatchObject({ code: 'MILLRACE_TASKS_INVALID' })
      problems = (error as Error).message
    }
    const wrong = [
      ...['the name is "a b"', '"colour" is no field of a resource', '"failures" is no field of breaker'],
      ...['breaker.threshold is 2', 'breaker.duration', 'breaker.minimumRps is 0', '"slots" is no field of bulkhead'],
      ...['bulkhead.limit', 'bulkhead.queue', 'timeout', 'retry.attempts'],
    ]
    for (const start of wrong) expect(problems).toContain(`\n- ${start}`)
  })

  it.each([
    ['breaker', { breaker: 'often' }],
    ['breaker', { breaker: null }],
    ['breaker.failures', { breaker: 0 }],
    ['bulkhead', { bulkhead: null }],
    ['bulkhead.limit', { bulkhead: 1.5 }],
  ])('says what is wrong with its %s', (field, options) => {
    expect(() => defineResource('stripe', options as never)).toThrow(`\n- ${field} is `)
  })

  it('is found in the task folder, wherever a module exports it', async () => {
    const { tasks, resources } = await loadFolder(new URL('../fixtures/resources', import.meta.url).pathname)
    expect(tasks.map(({ name }) => name)).toEqual(['charge'])
    expect(resources.map(({ name }) => name)).toEqual(['mail', 'stripe'])
  })
})

describe('a task', () => {
  it('has no breaker and no bulkhead of its own, and uses nothing, unless it says so', () => {
    const nothing = { uses: [], breaker: false, bulkhead: false }
    expect(defineTask({ name: 'a' }, () => null)).toMatchObject(nothing)
    expect(defineTask({ name: 'a', uses: ['x', 'y', 'x'], breaker: 2, bulkhead: 3 }, () => null)).toMatchObject({
      uses: ['x', 'y'],
      breaker: { count: { kind: 'consecutive', failures: 2 } },
      bulkhead: { limit: 3, queue: 0 },
    })
  })

  it.each([['stripe'], [['a b']], [[1]], [null]])('cannot use %j', (uses) => {
    expect(() => defineTask({ name: 'a', uses: uses as never }, () => null)).toThrow(/uses is .*; give a list of names/)
  })

  it('shows the form to who gives the name among the options', () => {
    expect(() => defineResource({ name: 'stripe', bulkhead: 4 } as never)).toThrow(
      "A resource cannot be used:\n- the name is an object; it comes first, and the options after it: defineResource('stripe', { bulkhead: 4 })",
    )
  })
})
