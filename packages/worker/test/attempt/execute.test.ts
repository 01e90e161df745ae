import { TaskError } from '@millrace/shared'
import { UnrecoverableError, Worker } from 'bullmq'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defineTask } from '../../src/index.ts'
import { eventually, job, openRoom, type Room } from '../room.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

const quick = { retry: { attempts: 3, delay: '1ms', maxDelay: '1ms' } } as const

describe('a job', () => {
  it('runs its handler with the input that the schema made, and keeps what it returns', async () => {
    const add = defineTask(
      { name: 'add', input: z.object({ a: z.number(), b: z.coerce.number(), c: z.number().default(0) }) },
      ({ a, b, c }, ctx) => ({ sum: a + b + c, attempt: ctx.attempt, workflow: ctx.workflow.name, job: ctx.job.name }),
    )
    await room.start([add])
    const { sum } = await room.ended(await room.submit(job('sum', 'add', { with: { a: 1, b: '2' } })))
    expect(sum).toMatchObject({
      state: 'succeeded',
      output: { sum: 3, attempt: 1, workflow: 'test', job: 'sum' },
      attempts: 1,
    })
  })

  it('reads the outputs of its needs, in its input by reference and in ctx.needs', async () => {
    const give = defineTask({ name: 'give' }, () => ({ parts: ['x', 'y'] }))
    const take = defineTask({ name: 'take' }, (input, { needs }) => ({ input, needs }))
    await room.start([give, take])
    const taking = job('b', 'take', { needs: ['a', 'none'], with: { all: '${{ needs.a.output.parts }}' } })
    const { b } = await room.ended(
      await room.submit(job('a', 'give'), job('none', 'give', { queue: 'default' }), taking),
    )
    expect(b?.output).toEqual({
      input: { all: ['x', 'y'] },
      needs: { a: { parts: ['x', 'y'] }, none: { parts: ['x', 'y'] } },
    })
  })

  it('ends with null when its handler returns nothing', async () => {
    await room.start([defineTask({ name: 'quiet' }, () => {})])
    const id = await room.submit(job('a', 'quiet'))
    await room.ended(id)
    expect(await room.client.hget(room.keys.job('default', `${id}.a`), 'returnvalue')).toBe('null')
  })

  it('is tried again after a failure, as often as its task says, and then buried', async () => {
    const attempts: number[] = []
    const fails = defineTask({ name: 'fails', ...quick }, (_, { attempt }) => {
      attempts.push(attempt)
      throw new Error(`boom ${attempt}`)
    })
    const worker = await room.start([fails])
    const { a } = await room.ended(await room.submit(job('a', 'fails')))
    expect(attempts).toEqual([1, 2, 3])
    expect(a).toMatchObject({ state: 'dead', attempts: 3, error: { code: 'MILLRACE_TASK_FAILED', message: 'boom 3' } })
    const [letter] = await room.deadLetters()
    expect(letter).toMatchObject({ code: 'MILLRACE_TASK_FAILED', message: 'boom 3', attempts: 3, worker: worker.name })
    expect(letter?.stack).toMatch(/Error: boom 3\n.*execute\.test\.ts/s)
    expect(worker.counts()).toMatchObject({ retried: 2, buried: 1, running: 0 })
  })

  it.each(['DelayedError', 'WaitingError', 'WaitingChildrenError', 'RateLimitError'])(
    'fails like any other when its handler throws a %s: moving jobs is not for handlers',
    async (name) => {
      const message = name === 'RateLimitError' ? Worker.RateLimitError().message : 'moved?'
      const fails = defineTask({ name: 'fails', retry: 1 }, () => {
        throw Object.assign(new Error(message), { name })
      })
      await room.start([fails])
      const { a } = await room.ended(await room.submit(job('a', 'fails')))
      expect(a).toMatchObject({ state: 'dead', error: { code: 'MILLRACE_TASK_FAILED' } })
    },
  )

  it('is tried as often as the job says, when it says so', async () => {
    const attempts: number[] = []
    const fails = defineTask({ name: 'fails', ...quick }, (_, { attempt }) => {
      attempts.push(attempt)
      throw new Error('boom')
    })
    await room.start([fails])
    await room.ended(await room.submit(job('a', 'fails', { retry: { attempts: 2 } })))
    expect(attempts).toEqual([1, 2])
  })

  it('waits before it is tried again: the delay its task says, jittered', async () => {
    const begun: number[] = []
    const fails = defineTask({ name: 'fails', retry: { attempts: 2, delay: '200ms', maxDelay: '200ms' } }, () => {
      begun.push(Date.now())
      throw new Error('boom')
    })
    await room.start([fails])
    await room.ended(await room.submit(job('a', 'fails')))
    expect((begun[1] ?? 0) - (begun[0] ?? 0)).toBeGreaterThanOrEqual(195)
  })

  it('spawns others, and ends when they have', async () => {
    const order: string[] = []
    const spawner = defineTask({ name: 'spawner' }, async (_, ctx) => {
      await ctx.spawn({ left: { task: 'leaf', with: 1 }, right: { task: 'leaf', with: 2 } })
      order.push('spawned')
      return { spawned: 2 }
    })
    const leaf = defineTask({ name: 'leaf' }, (input) => {
      order.push(`leaf ${input}`)
      return input
    })
    const after = defineTask({ name: 'after' }, (_, { needs }) => {
      order.push('after')
      return needs
    })
    const worker = await room.start([spawner, leaf, after])
    const jobs = await room.ended(await room.submit(job('s', 'spawner'), job('end', 'after', { needs: ['s'] })))
    expect(jobs['end']?.output).toEqual({ s: { spawned: 2 } })
    expect(jobs['s.left']?.output).toBe(1)
    expect([order.length, order.at(-1)]).toEqual([4, 'after'])
    expect(worker.counts()).toMatchObject({ suspended: 1, succeeded: 3 })
  })

  it('may spawn in one attempt and fail, and need not spawn again in the next', async () => {
    const spawner = defineTask({ name: 'spawner', ...quick }, async (_, ctx) => {
      if (ctx.attempt > 1) return 'second'
      await ctx.spawn({ slow: { task: 'slow' } })
      throw new Error('after spawning')
    })
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const slow = defineTask({ name: 'slow' }, () => held)
    const after = defineTask({ name: 'after' }, (_, { needs }) => {
      return needs
    })
    const worker = await room.start([spawner, slow, after])
    const id = await room.submit(job('s', 'spawner'), job('end', 'after', { needs: ['s'] }))
    await eventually(() => worker.counts().suspended).toBe(1)
    release()
    const jobs = await room.ended(id)
    expect(jobs['end']?.output).toEqual({ s: 'second' })
  })

  it('with foreach becomes one job per item, and its output the list of theirs, in item order', async () => {
    const list = defineTask({ name: 'list' }, () => ({ parts: ['c', 'a', 'b'] }))
    const shout = defineTask({ name: 'shout', input: z.string() }, (text) => text.toUpperCase())
    const join = defineTask({ name: 'join', input: z.array(z.string()) }, (parts) => parts.join(''))
    await room.start([list, shout, join])
    const jobs = await room.ended(
      await room.submit(
        job('list', 'list'),
        job('shout', 'shout', { needs: ['list'], foreach: '${{ needs.list.output.parts }}' }),
        job('join', 'join', { needs: ['shout'], with: '${{ needs.shout.output }}' }),
      ),
    )
    expect(jobs['join']?.output).toBe('CAB')
    expect(jobs['shout.1']).toMatchObject({ state: 'succeeded', output: 'A' })
  })

  it('with foreach over nothing ends at once', async () => {
    const echo = defineTask({ name: 'echo' }, (input) => input)
    await room.start([echo])
    const end = job('end', 'echo', { needs: ['none'], with: '${{ needs.none.output }}' })
    const jobs = await room.ended(await room.submit(job('none', 'echo', { foreach: [] }), end))
    expect(jobs['end']?.output).toEqual([])
  })

  it('reports progress', async () => {
    let seen = () => {}
    const looked = new Promise<void>((resolve) => {
      seen = resolve
    })
    const slow = defineTask({ name: 'slow' }, async (_, ctx) => {
      await ctx.progress(0.5)
      await looked
    })
    await room.start([slow])
    const id = await room.submit(job('a', 'slow'))
    await eventually(async () => (await room.job(id, 'a'))?.progress).toBe(0.5)
    seen()
    await room.ended(id)
  })

  it('writes log lines that say whose they are', async () => {
    await room.start([defineTask({ name: 'talk' }, (_, { log }) => log.info({ colour: 'blue' }, 'hello'))], {
      name: 'w1',
    })
    const id = await room.submit(job('a', 'talk'))
    await room.ended(id)
    const line = room.lines.find(({ msg }) => msg === 'hello')
    expect(line).toMatchObject({
      level: 'info',
      worker: 'w1',
      workflow: id,
      job: 'a',
      task: 'talk',
      attempt: 1,
      colour: 'blue',
    })
  })
})

describe('a job is buried at once, with its own code,', () => {
  const number = z.object({ n: z.number() })
  const tasks = [
    defineTask({ name: 'number', input: number, ...quick }, () => null),
    defineTask(
      { name: 'shaped', output: z.object({ a: z.array(z.string()) }), ...quick },
      () => ({ a: [1, 'x', 2] }) as never,
    ),
    defineTask({ name: 'cyclic', ...quick }, () => {
      const loop: Record<string, unknown> = {}
      loop['again'] = loop
      return loop
    }),
    defineTask({ name: 'large', ...quick }, () => 'x'.repeat(300_000)),
    defineTask({ name: 'never', ...quick }, () => {
      throw new UnrecoverableError('no use')
    }),
    defineTask({ name: 'declined', ...quick }, () => {
      throw new TaskError('CARD_DECLINED', 'the bank said no', { retryable: false, context: { bank: 'b' } })
    }),
    defineTask({ name: 'bad.spawn', ...quick }, (_, ctx) => ctx.spawn({ x: {} as never })),
  ]

  it.each([
    ['when its task is unknown', job('a', 'nobody'), 'MILLRACE_TASK_UNKNOWN', /no task "nobody"/],
    [
      'when its input does not fit',
      job('a', 'number', { with: { n: 'x' } }),
      'MILLRACE_INPUT_INVALID',
      /n: .*expected number/,
    ],
    ['when it has no input and needs one', job('a', 'number'), 'MILLRACE_INPUT_INVALID', /expected object/],
    [
      'when a reference leads nowhere',
      job('a', 'number', { with: '${{ needs.b.output.c }}' }),
      'MILLRACE_REFERENCE_UNRESOLVED',
      /b/,
    ],
    [
      'when foreach is no array',
      job('a', 'number', { foreach: 7 as never }),
      'MILLRACE_REFERENCE_UNRESOLVED',
      /takes a list, but 7/,
    ],
    ['when its output does not fit', job('a', 'shaped'), 'MILLRACE_OUTPUT_INVALID', /a\[0\]: .*; a\[2\]: /],
    [
      'when JSON cannot carry its output',
      job('a', 'cyclic'),
      'MILLRACE_OUTPUT_UNSERIALISABLE',
      /output\.again: refers to/,
    ],
    ['when its output is too large', job('a', 'large'), 'MILLRACE_OUTPUT_TOO_LARGE', /300002 bytes .* at most 262144/],
    ["when its handler throws BullMQ's UnrecoverableError", job('a', 'never'), 'MILLRACE_UNRECOVERABLE', /no use/],
    ['when its handler says that trying again is of no use', job('a', 'declined'), 'CARD_DECLINED', /the bank said no/],
    ['when what it spawns is refused', job('a', 'bad.spawn'), 'MILLRACE_SPAWN_REFUSED', /x\.task: /],
  ])('%s', async (_, planned, code, message) => {
    const worker = await room.start(tasks)
    const { a } = await room.ended(await room.submit(planned))
    expect(a).toMatchObject({ state: 'dead', error: { code, message: expect.stringMatching(message) } })
    expect(await room.deadLetters()).toEqual([
      expect.objectContaining({ code, attempts: 1, message: expect.stringMatching(message) }),
    ])
    expect(worker.counts()).toMatchObject({ buried: 1, retried: 0 })
  })

  it('and the context that its handler gave is kept with it', async () => {
    await room.start(tasks)
    const id = await room.submit(job('a', 'declined'))
    await room.ended(id)
    const letter = await room.client.hget(room.keys.job('dead-letters', `default~${id}.a`), 'data')
    expect(JSON.parse(letter ?? '')).toMatchObject({ context: { bank: 'b' } })
  })
})
