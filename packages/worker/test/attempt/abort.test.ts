import { setTimeout as sleep } from 'node:timers/promises'
import { cancelWorkflow, type MillraceError, readSummary } from '@millrace/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defineTask } from '../../src/index.ts'
import { eventually, job, openRoom, type Room } from '../room.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

/** A task that waits until its signal is aborted, and the reasons that its attempts were given. */
function waiting(options: { retry?: number; timeout?: string } = {}) {
  const reasons: (string | undefined)[] = []
  const task = defineTask({ name: 'wait', ...options }, async (_, { signal, progress }) => {
    await progress(0)
    await sleep(60_000, undefined, { signal }).catch(() => {})
    reasons.push((signal.reason as MillraceError).code)
  })
  return { task, reasons }
}

/** A task that runs on, whatever happens to its signal, until it is let go. */
function stubborn(options: { timeout?: string } = {}) {
  let letGo = () => {}
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  return { task: defineTask({ name: 'stubborn', retry: 1, ...options }, () => held), letGo }
}

describe('the time limit', () => {
  it('aborts the signal and fails the attempt, whatever the handler returns then', async () => {
    const { task, reasons } = waiting({ retry: 1, timeout: '50ms' })
    await room.start([task])
    const { a } = await room.ended(await room.submit(job('a', 'wait')))
    expect(a).toMatchObject({
      state: 'dead',
      error: { code: 'MILLRACE_TASK_TIMEOUT', message: expect.stringMatching(/limit of 50 ms/) },
    })
    expect(reasons).toEqual(['MILLRACE_TASK_TIMEOUT'])
  })

  it('is the one of the job, when the job has one, and leads to another attempt', async () => {
    const { task, reasons } = waiting()
    await room.start([task])
    const retry = { attempts: 2, delayMs: 1, maxDelayMs: 1 }
    const { a } = await room.ended(await room.submit(job('a', 'wait', { timeoutMs: 30, retry })))
    expect(a?.error?.code).toBe('MILLRACE_TASK_TIMEOUT')
    expect(reasons).toHaveLength(2)
  })

  it('leaves a handler in peace that is done in time', async () => {
    let seen: AbortSignal | undefined
    const fast = defineTask({ name: 'fast', timeout: '50ms' }, (_, { signal }) => {
      seen = signal
      return 'done'
    })
    await room.start([fast])
    const { a } = await room.ended(await room.submit(job('a', 'fast')))
    await sleep(80)
    expect([a?.output, seen?.aborted]).toEqual(['done', false])
  })

  it('gives up a handler that ignores the signal: it is reported, counted, and no longer waited for', async () => {
    const { task, letGo } = stubborn({ timeout: '20ms' })
    const worker = await room.start([task], { graceMs: 30 })
    const { a } = await room.ended(await room.submit(job('a', 'stubborn')))
    expect(a?.error?.code).toBe('MILLRACE_TASK_TIMEOUT')
    expect(worker.counts()).toMatchObject({ ignored: 1, running: 0 })
    const ignores = room.lines.find(({ msg }) => msg.startsWith('the handler ignores its signal'))
    expect(ignores).toMatchObject({ level: 'error', task: 'stubborn', code: 'MILLRACE_TASK_TIMEOUT' })
    letGo()
    await eventually(() => room.lines.some(({ msg }) => msg === 'the handler that was given up has ended')).toBe(true)
  })
})

describe('a lost lock', () => {
  it('aborts the attempt as soon as the renewal is refused, and leaves the job to others', async () => {
    const { task, reasons } = waiting({ retry: 1 })
    const worker = await room.start([task], { lockMs: 1_000, stalledEveryMs: 60_000 })
    const id = await room.submit(job('a', 'wait'))
    await room.begun(id, 'a')
    await room.client.del(`${room.keys.job('default', `${id}.a`)}:lock`)
    await eventually(() => reasons).toEqual(['MILLRACE_LOCK_LOST'])
    await eventually(() => worker.counts()).toMatchObject({ lost: 1, running: 0, buried: 0, retried: 0 })
    const taken = await room.client.lrange(room.keys.queue('default', 'active'), 0, -1)
    expect(taken).toEqual([`${id}.a`]) // it was not ours to move
  })

  it('makes Redis refuse what the attempt still writes, even before the worker has noticed', async () => {
    const seen: unknown[] = []
    let attempts = 0
    const task = defineTask({ name: 'late', retry: 1 }, async (_, ctx) => {
      if (++attempts === 2) return ctx.progress('newer')
      await room.client.del(`${room.keys.job('default', ctx.job.id)}:lock`)
      for (const write of [() => ctx.progress('older'), () => ctx.spawn({ x: { task: 'late' } })]) {
        seen.push(await write().catch((error: MillraceError) => `${ctx.signal.aborted} ${error.code}`))
      }
      throw new Error('whatever it says now')
    })
    await room.start([task], { lockMs: 30_000, stalledEveryMs: 200 })
    const { a } = await room.ended(await room.submit(job('a', 'late')))
    expect(seen).toEqual(['false MILLRACE_LOCK_LOST', 'false MILLRACE_LOCK_LOST'])
    expect(a).toMatchObject({ state: 'succeeded', progress: 'newer' })
  })

  it('keeps the handler from beginning, when the time before it was longer than the lock', async () => {
    let blocks = 1_500
    const blocking = z.unknown().transform((input) => {
      const until = performance.now() + blocks // as a process does that is frozen between taking a job and running it
      while (performance.now() < until);
      blocks = 0
      return input
    })
    const tokens: number[] = []
    const task = defineTask({ name: 'late', input: blocking, retry: 1 }, (_, ctx) => void tokens.push(ctx.fencingToken))
    const worker = await room.start([task], { lockMs: 1_000, stalledEveryMs: 200 })
    expect((await room.ended(await room.submit(job('a', 'late'))))['a']?.state).toBe('succeeded')
    expect([tokens, worker.counts().lost]).toEqual([[2], 1])
  })

  it('leaves the job to the stalled check, which gives it to a worker again', async () => {
    let attempts = 0
    const task = defineTask({ name: 'wait', retry: 1 }, async (_, { signal, progress }) => {
      await progress(0)
      if (++attempts === 1) await sleep(60_000, undefined, { signal })
      return attempts
    })
    await room.start([task], { lockMs: 1_000, stalledEveryMs: 200 })
    const id = await room.submit(job('a', 'wait'))
    await room.begun(id, 'a')
    await room.client.del(`${room.keys.job('default', `${id}.a`)}:lock`)
    expect((await room.ended(id))['a']).toMatchObject({ state: 'succeeded', output: 2 })
  })
})

describe('a cancelled workflow', () => {
  it('aborts what runs of it, and nothing else', async () => {
    const { task, reasons } = waiting({ retry: 5 })
    const worker = await room.start([task])
    const [one, two] = [await room.submit(job('a', 'wait')), await room.submit(job('a', 'wait'))]
    await room.begun(one, 'a')
    await room.begun(two, 'a')
    await cancelWorkflow(room.client, room.keys, one)
    await eventually(() => reasons).toEqual(['MILLRACE_CANCELLED'])
    await eventually(async () => (await room.job(one, 'a'))?.state).toBe('cancelled')
    expect(worker.counts()).toMatchObject({ running: 1, retried: 0 })
    expect(await room.deadLetters()).toEqual([])
  })

  it('aborts what runs of it even when the announcement was lost', async () => {
    const { task, reasons } = waiting()
    await room.start([task], { lockMs: 1_000 })
    const id = await room.submit(job('a', 'wait'))
    await room.begun(id, 'a')
    await room.client.hset(room.keys.job('default', `${id}.a`), 'cancel', 1) // as cancelling does, but without a word
    await eventually(() => reasons).toEqual(['MILLRACE_CANCELLED'])
  })
})

describe('a workflow whose cancelling was cut off in the middle', () => {
  /** Cancels the first page of jobs; those that need nothing come last. */
  async function cancelHalf(id: string): Promise<void> {
    let pages = 0
    const dies = () => {
      if (++pages === 2) throw new Error('killed')
      return Date.now()
    }
    await cancelWorkflow(room.client, room.keys, id, dies).catch(() => {})
  }
  const roots = Array.from({ length: 5 }, (_, index) => job(`root${index}`, 'wait'))
  const rest = Array.from({ length: 600 }, (_, index) => job(`j${index}`, 'wait', { needs: ['root0'] }))

  it.each(['before', 'after'])(
    'begins nothing more on a worker that started %s it, and buries nothing',
    async (when) => {
      const { task, reasons } = waiting()
      if (when === 'before') await room.start([task], { concurrency: 2 })
      const id = await room.submit(...roots, ...rest)
      if (when === 'before') await room.begun(id, 'root0')
      await cancelHalf(id)
      if (when === 'after') await room.start([task], { concurrency: 2 })
      await eventually(async () => (await room.job(id, 'root4'))?.state).toBe('cancelled')
      await eventually(async () => (await readSummary(room.client, room.keys, id))?.jobs.cancelled).toBe(605)
      expect(reasons.length).toBeLessThanOrEqual(when === 'before' ? 2 : 0)
      expect(await room.deadLetters()).toEqual([])
    },
  )
})

describe('a drained worker', () => {
  it('refuses what a handler that runs on still wants to write', async () => {
    const answers: unknown[] = []
    const late = defineTask({ name: 'late', retry: 1 }, async (_, ctx) => {
      await ctx.progress(0)
      await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve))
      for (const write of [() => ctx.progress(1), () => ctx.spawn({ x: { task: 'late' } })]) {
        answers.push(await write().catch((error: MillraceError) => error.code))
      }
    })
    const worker = await room.start([late])
    const id = await room.submit(job('a', 'late'))
    await room.begun(id, 'a')
    await worker.drain(0)
    expect(answers).toEqual(['MILLRACE_DRAINED', 'MILLRACE_DRAINED'])
    expect(await room.job(id, 'a')).toMatchObject({ state: 'queued' })
  })
})
