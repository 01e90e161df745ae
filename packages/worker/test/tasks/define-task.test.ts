import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defineTask } from '../../src/index.ts'
import { createRegistry } from '../../src/tasks/registry.ts'
import { checkWith } from '../../src/tasks/schema.ts'

const named = (name: string) => defineTask({ name }, () => null)

describe('a task', () => {
  it('has defaults: three attempts, delays from 1 s to 60 s, a limit that is learned, the queue "default"', () => {
    expect(named('mail.send')).toMatchObject({
      queue: 'default',
      retry: { attempts: 3, delayMs: 1_000, maxDelayMs: 60_000 },
      timeoutMs: undefined,
      complexity: 'simple',
      timeoutFactor: 1,
      idleMs: undefined,
      errors: [],
    })
  })

  it('may say how often it is tried by a number alone', () => {
    expect(defineTask({ name: 'a', retry: 100 }, () => null).retry).toEqual({
      attempts: 100,
      delayMs: 1_000,
      maxDelayMs: 60_000,
    })
  })

  it('cannot be changed once it is declared', () => {
    expect(() => Object.assign(named('a'), { name: 'b' })).toThrow(TypeError)
  })

  it.each(['', '1st', 'two words', 'a:b', 'ü', 'a/b', '-a', 'x'.repeat(101)])('cannot be called %j', (name) => {
    expect(() => named(name)).toThrow(/name is ".*"; begin with a letter/)
  })

  it.each(['a', '_a', 'Mail.send-2_x', 'x'.repeat(100)])('may be called %j', (name) => {
    expect(named(name).name).toBe(name)
  })

  it.each([0, 101, 1.5, Number.NaN])('cannot be tried %d times', (retry) => {
    expect(() => defineTask({ name: 'a', retry }, () => null)).toThrow(/retry\.attempts is .*from 1 to 100/)
  })

  it('is refused with all its problems at once', () => {
    const options = {
      name: '1',
      queue: 'a:b',
      retry: { attempts: 0, delay: 'soon' },
      timeout: 0,
      complexity: 'huge',
      timeoutFactor: 0,
      idle: 'long',
      input: {},
      colour: 'red',
    }
    let problems = ''
    try {
      defineTask(options as never, 'no function' as never)
    } catch (error) {
      expect(error).toMatchObject({ code: 'MILLRACE_TASKS_INVALID' })
      problems = (error as Error).message
    }
    const wrong = [
      '"colour" is no field',
      'name',
      'queue',
      'retry.attempts',
      'retry.delay',
      'timeout',
      'complexity',
      'timeoutFactor',
      'idle',
      'input',
      'the handler',
    ]
    for (const start of wrong) expect(problems).toContain(`\n- ${start}`)
  })
})

describe('the tasks of a worker', () => {
  it('are found by name; one that is missing is an error that lists those there are', () => {
    const tasks = createRegistry([named('a'), named('b')])
    expect(tasks.find('c')).toBeUndefined()
    expect(() => tasks.require('c')).toThrow(/no task "c"; it has a, b/)
  })

  it('have queues, each named once', () => {
    const queues = ['mail', 'default', 'mail'].map((queue, index) =>
      defineTask({ name: `t${index}`, queue }, () => null),
    )
    expect(createRegistry(queues).queues).toEqual(['mail', 'default'])
  })

  it('are at least one', () => {
    expect(() => createRegistry([])).toThrow(/at least one task/)
  })

  it('have names of their own: all that occur twice are listed', () => {
    expect(() => createRegistry(['a', 'b', 'a', 'c', 'b', 'b'].map(named))).toThrow(/"a", "b"\./)
  })
})

describe('a schema', () => {
  const schema = z.object({ lines: z.array(z.object({ size: z.number() })), 'a.b': z.string().optional() })

  it('may change the value', async () => {
    expect(await checkWith(z.coerce.number(), '7')).toEqual({ ok: true, value: 7 })
  })

  it('names every problem with its path', async () => {
    const checked = await checkWith(schema, { lines: [{ size: 1 }, { size: 'x' }, {}] })
    expect(checked).toMatchObject({
      ok: false,
      problems: [/^lines\[1\]\.size: /, /^lines\[2\]\.size: /].map((p) => expect.stringMatching(p)),
    })
  })

  it('may answer later', async () => {
    const later = z.string().refine(async (text) => text !== 'no', 'not this one')
    expect(await checkWith(later, 'no')).toEqual({ ok: false, problems: ['not this one'] })
  })
})

describe('the limits of the fleet', () => {
  it('are none by default, and read as they are written', () => {
    expect(named('a')).toMatchObject({ limit: undefined, concurrency: undefined })
    const task = defineTask({ name: 'a', limit: { max: 10, per: '1s' }, concurrency: 5 }, () => null)
    expect(task).toMatchObject({ limit: { max: 10, perMs: 1_000 }, concurrency: 5 })
  })

  it.each([
    [{ limit: { max: 0, per: '1s' } }, /limit\.max is 0; write a whole number from 1/],
    [{ limit: { max: 1, per: '10ms' } }, /limit\.per is "10ms"; .*from 100 ms/],
    [{ limit: 10 }, /limit is 10; write \{ max: 10, per: '1s' \}/],
    [{ concurrency: 0 }, /concurrency is 0; write a whole number from 1/],
  ])('cannot be %j', (options, problem) => {
    expect(() => defineTask({ name: 'a', ...options } as never, () => null)).toThrow(problem)
  })
})
