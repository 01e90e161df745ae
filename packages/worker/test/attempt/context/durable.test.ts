import { setTimeout as sleep } from 'node:timers/promises'
import { purgeWorkflow, replayDeadLetter, type TaskContext, watchWorkflow } from '@millrace/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineTask } from '../../../src/index.ts'
import { eventually, job, openRoom, type Room } from '../../room.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

const quick = { retry: { attempts: 3, delay: '1ms', maxDelay: '1ms' } } as const
const replayAll = async () => {
  for (const { id } of await room.deadLetters()) await replayDeadLetter(room.client, room.keys, id)
}

describe('ctx.checkpoint', () => {
  it('is loaded by the next attempt, and after a replay', async () => {
    const loaded: unknown[] = []
    const pages = defineTask({ name: 'pages', retry: { attempts: 2, delay: 1, maxDelay: 1 } }, async (_, ctx) => {
      const { page } = (await ctx.checkpoint.load<{ page: number }>()) ?? { page: 0 }
      loaded.push(page)
      await ctx.checkpoint.save({ page: page + 1 })
      if (page < 3) throw new Error(`stopped on page ${page}`)
      return page
    })
    await room.start([pages])
    const id = await room.submit(job('a', 'pages'))
    await room.ended(id)
    await replayAll()
    const { a } = await room.ended(id)
    expect(loaded).toEqual([0, 1, 2, 3])
    expect(a?.output).toBe(3)
  })

  it('belongs to one job, and goes with its workflow', async () => {
    const saves = defineTask({ name: 'saves' }, async (input, ctx) => {
      const before = await ctx.checkpoint.load()
      await ctx.checkpoint.save(input)
      await ctx.context.set('seen', true)
      await ctx.emit('chunk')
      return before
    })
    await room.start([saves])
    const id = await room.submit(job('a', 'saves', { with: 1 }), job('b', 'saves', { with: 2, needs: ['a'] }))
    expect((await room.ended(id))['b']?.output).toBeNull()
    const kept = () =>
      room.client.exists(
        ...['a', 'b'].map((name) => room.keys.kept('default', `${id}.${name}`)),
        room.keys.context(id),
        room.keys.chunks(id),
      )
    expect(await kept()).toBe(4)
    await eventually(() => purgeWorkflow(room.client, room.keys, id, Date.now() + 1)).toBe(true)
    expect(await kept()).toBe(0)
  })

  it.each([
    ['JSON cannot carry it', { big: 1n }, 'MILLRACE_VALUE_NOT_JSON', /the checkpoint: value\.big: a bigint/],
    ['it is too large', 'x'.repeat(2_000), 'MILLRACE_VALUE_TOO_LARGE', /would keep 2012 bytes; at most 1000/],
  ])('is refused when %s, and the job is buried: it would be the same next time', async (_, state, code, message) => {
    await room.start([defineTask({ name: 'saves', ...quick }, (_, ctx) => ctx.checkpoint.save(state))], {
      maxKeptBytes: 1_000,
    })
    const { a } = await room.ended(await room.submit(job('a', 'saves')))
    expect(a).toMatchObject({ state: 'dead', attempts: 1, error: { code, message: expect.stringMatching(message) } })
  })

  it('is refused to an attempt that has lost its job, which learns it so: its signal is aborted', async () => {
    const stale = defineTask({ name: 'stale', ...quick }, async (_, ctx) => {
      if (ctx.attempt > 1) return
      await room.client.set(room.keys.lock('default', ctx.job.id), 'of another worker')
      const refused = await ctx.checkpoint.save(1).catch((error: unknown) => error)
      const { aborted, reason } = ctx.signal
      await room.client.hset('refused', ctx.workflow.id, JSON.stringify({ refused, aborted, same: reason === refused }))
    })
    const worker = await room.start([stale])
    await room.submit(job('a', 'stale'))
    await eventually(() => worker.counts().lost).toBe(1)
    const seen = Object.values(await room.client.hgetall('refused')).map((text) => JSON.parse(text))
    expect(seen).toContainEqual({
      refused: expect.objectContaining({ code: 'MILLRACE_LOCK_LOST' }),
      aborted: true,
      same: true,
    })
  })
})

describe('ctx.fencingToken', () => {
  it('grows with every attempt, and goes on growing after a replay', async () => {
    const tokens: number[] = []
    const fails = defineTask({ name: 'fails', retry: { attempts: 2, delay: 1, maxDelay: 1 } }, (_, ctx) => {
      tokens.push(ctx.fencingToken)
      throw new Error('boom')
    })
    await room.start([fails])
    const id = await room.submit(job('a', 'fails'))
    await room.ended(id)
    await replayAll()
    await room.ended(id)
    expect(tokens).toEqual([1, 2, 3, 4])
  })
})

describe('ctx.once', () => {
  it('runs its function once for all attempts and replays, and ctx.step is the same', async () => {
    const charged: string[] = []
    const pays = defineTask({ name: 'pays', retry: { attempts: 2, delay: 1, maxDelay: 1 } }, async (_, ctx) => {
      const receipt = await ctx.once('charge', ({ idempotencyKey }) => {
        charged.push(idempotencyKey)
        return { no: charged.length, key: idempotencyKey === ctx.idempotencyKey('charge') }
      })
      const again = await ctx.step('charge', () => ({ no: 99, key: false }))
      if (ctx.fencingToken < 3) throw new Error('boom')
      return [receipt, again]
    })
    await room.start([pays])
    const id = await room.submit(job('a', 'pays'))
    await room.ended(id)
    await replayAll()
    const { a } = await room.ended(id)
    expect(charged).toHaveLength(1)
    expect(a?.output).toEqual([
      { no: 1, key: true },
      { no: 1, key: true },
    ])
  })

  it('runs its function once when it is called several times at once, and gives each caller a value of its own', async () => {
    let calls = 0
    const pays = defineTask({ name: 'pays' }, async (_, ctx) => {
      const pay = () =>
        ctx.once('charge', async () => {
          calls++
          await sleep(5)
          return { list: [calls] }
        })
      const [one, two] = await Promise.all([pay(), pay()])
      one?.list.push(9)
      return [two, await pay()]
    })
    await room.start([pays])
    const { a } = await room.ended(await room.submit(job('a', 'pays')))
    expect(calls).toBe(1)
    expect(a?.output).toEqual([{ list: [1] }, { list: [1] }])
  })

  it('does not record a failure: the function runs again', async () => {
    let calls = 0
    const pays = defineTask({ name: 'pays', ...quick }, (_, ctx) =>
      ctx.once('charge', () => {
        if (++calls < 3) throw new Error('declined')
        return calls
      }),
    )
    await room.start([pays])
    const { a } = await room.ended(await room.submit(job('a', 'pays')))
    expect(a?.output).toBe(3)
  })

  it('records an effect that ended after the signal was aborted: it has happened', async () => {
    let calls = 0
    const pays = defineTask({ name: 'pays', timeout: '50ms', ...quick }, (_, ctx) =>
      ctx.once('charge', async () => {
        await sleep(100) // does not listen to the signal
        return ++calls
      }),
    )
    await room.start([pays])
    const { a } = await room.ended(await room.submit(job('a', 'pays')))
    expect(a).toMatchObject({ state: 'succeeded', output: 1, attempts: 2 })
  })
})

describe('ctx.context', () => {
  it('is shared by the jobs of a workflow, which may all change one value at once', async () => {
    const adds = defineTask({ name: 'adds' }, (_, ctx) => ctx.context.update<number>('sum', (sum = 0) => sum + 1))
    const reads = defineTask({ name: 'reads' }, async (_, { context }) => {
      await context.set('temporary', 1)
      await context.set('temporary', undefined)
      return [await context.get('sum'), await context.get('temporary'), await context.get('absent')]
    })
    await room.start([adds, reads], { concurrency: 20 })
    const names = Array.from({ length: 30 }, (_, index) => `a${index}`)
    const id = await room.submit(...names.map((name) => job(name, 'adds')), job('end', 'reads', { needs: names }))
    expect((await room.ended(id))['end']?.output).toEqual([30, null, null])
  })
})

describe('ctx.emit', () => {
  const seen = async (id: string) =>
    (await Array.fromAsync(watchWorkflow(room.client, room.keys, id))).map((event) => {
      if (event.kind === 'chunk') return event.chunk
      return event.kind === 'job' ? `${event.job} ${event.state}` : event.summary.state
    })

  it('streams to those who watch, in order, before the end of the job; a late one reads from the beginning', async () => {
    const writes = defineTask({ name: 'writes' }, async (_, ctx) => {
      for (let i = 0; i < 3_000; i++) await ctx.emit(i)
    })
    await room.start([writes])
    const id = await room.submit(job('a', 'writes', { delayMs: 50 }))
    const numbers = Array.from({ length: 3_000 }, (_, index) => index)
    const live = await seen(id)
    expect(live.filter((what) => what !== 'running')).toEqual([...numbers, 'a succeeded', 'succeeded'])
    expect(await seen(id)).toEqual([...numbers, 'succeeded'])
  })

  it('is seen while the handler still runs', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const writes = defineTask({ name: 'writes' }, async (_, ctx) => {
      await ctx.emit({ page: 1 })
      await held
    })
    await room.start([writes])
    const id = await room.submit(job('a', 'writes'))
    for await (const event of watchWorkflow(room.client, room.keys, id)) {
      if (event.kind !== 'chunk') continue
      expect(event).toMatchObject({ number: 1, job: 'a', attempt: 1, chunk: { page: 1 } })
      release()
    }
  })

  it('sends what was emitted before a failure, and tells the attempts apart', async () => {
    const writes = defineTask({ name: 'writes', retry: { attempts: 2, delay: 1, maxDelay: 1 } }, (_, ctx) => {
      void ctx.emit('begun')
      throw new Error('boom')
    })
    await room.start([writes])
    const id = await room.submit(job('a', 'writes'))
    await room.ended(id)
    const events = await Array.fromAsync(watchWorkflow(room.client, room.keys, id))
    expect(events.flatMap((event) => (event.kind === 'chunk' ? [event.attempt] : []))).toEqual([1, 2])
  })

  it('takes few calls for thousands of chunks, and none for a job that emits nothing', async () => {
    const tasks = [
      defineTask({ name: 'writes' }, async (_, ctx) => {
        for (let i = 0; i < 5_000; i++) await ctx.emit('some text of ordinary length')
      }),
      defineTask({ name: 'silent' }, () => {}),
    ]
    await room.start(tasks)
    const channel = room.client.duplicate()
    let calls = 0
    channel.on('message', (_, message: string) => {
      if (message.includes('chunks')) calls++
    })
    const id = await room.submit(job('b', 'silent', { delayMs: 100 }), job('a', 'writes', { needs: ['b'] }))
    await channel.subscribe(room.keys.events(id))
    await room.ended(id)
    await channel.ping()
    channel.disconnect()
    expect(calls).toBeGreaterThanOrEqual(10)
    expect(calls).toBeLessThan(100)
  })

  it('refuses a chunk that is too large, and says so', async () => {
    await room.start([defineTask({ name: 'writes', ...quick }, (_, ctx) => ctx.emit('x'.repeat(70_000)))])
    const { a } = await room.ended(await room.submit(job('a', 'writes')))
    expect(a?.error).toMatchObject({ code: 'MILLRACE_VALUE_TOO_LARGE', message: expect.stringMatching(/65536/) })
  })
})

describe('everything in ctx that writes', () => {
  it('refuses once the signal is aborted, with its reason, and needs nobody to look', async () => {
    let late: TaskContext | undefined
    const slow = defineTask({ name: 'slow', timeout: '20ms', retry: 1 }, async (_, ctx) => {
      late = ctx
      await sleep(40)
      void ctx.emit(1) // nobody awaits it: no unhandled rejection may come of it
      void ctx.checkpoint.save(1)
    })
    await room.start([slow])
    await room.ended(await room.submit(job('a', 'slow')))
    const calls = [
      () => late?.checkpoint.save(1),
      () => late?.checkpoint.load(),
      () => late?.once('a', () => 1),
      () => late?.context.set('a', 1),
      () => late?.context.update('a', () => 1),
      () => late?.emit(1),
    ]
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'MILLRACE_TASK_TIMEOUT' })
  })
})
