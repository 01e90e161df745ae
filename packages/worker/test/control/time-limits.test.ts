import { setTimeout as sleep } from 'node:timers/promises'
import { createBatch, measure, readTimeLimits, setTimeLimit, type TimeLimitRecord } from '@millrace/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineTask } from '../../src/index.ts'
import { eventually, job, openRoom, type Room } from '../room.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

const limitOf = async (task: string): Promise<TimeLimitRecord | undefined> =>
  (await readTimeLimits(room.client, room.keys)).limits.get(task)

/** Waits until its signal is aborted. */
const waiting = defineTask({ name: 'wait', retry: 1 }, async (_, { signal }) => {
  await sleep(60_000, undefined, { signal })
})

describe('the time limit of a task', () => {
  it('is told to the pool with its reason, as soon as a worker has the task', async () => {
    await room.start([waiting, defineTask({ name: 'fixed', timeout: '7s' }, () => null)])
    expect(await limitOf('wait')).toMatchObject({
      ms: 300_000,
      from: 'complexity',
      why: '5 min for a simple task; too few attempts measured to learn from',
      before: [],
    })
    expect(await limitOf('fixed')).toMatchObject({ ms: 7_000, from: 'task' })
  })

  it('is learned from what attempts took', async () => {
    const batch = createBatch()
    for (let n = 0; n < 50; n++) batch.add('wait', 20_000)
    await measure(room.client, room.keys, batch.take())
    await room.start([waiting])
    const limit = await limitOf('wait')
    expect(limit).toMatchObject({ from: 'measured', why: expect.stringContaining('99th percentile of 50 attempts') })
    expect(Math.abs((limit?.ms as number) - 60_000)).toBeLessThanOrEqual(3_000)
  })

  it('can be fixed by hand while workers run: they follow at once, and say so', async () => {
    await room.start([waiting])
    await setTimeLimit(room.client, room.keys, 'wait', 40)
    await eventually(async () => (await limitOf('wait'))?.ms).toBe(40)
    const { a } = await room.ended(await room.submit(job('a', 'wait')))
    expect(a?.error).toMatchObject({
      code: 'MILLRACE_TASK_TIMEOUT',
      message: expect.stringContaining('limit of 40 ms'),
    })
    await setTimeLimit(room.client, room.keys, 'wait', 'auto')
    await eventually(async () => (await limitOf('wait'))?.from).toBe('complexity')
    const limit = await limitOf('wait')
    expect(limit?.before.map(({ ms, from }) => [ms, from])).toEqual([
      [40, 'hand'],
      [300_000, 'complexity'],
    ])
    const lines = room.lines.filter(({ msg }) => msg === 'the time limit changes')
    expect(lines).toMatchObject([{ task: 'wait', ms: 40, before: 300_000, why: 'fixed by hand' }, { ms: 300_000 }])
  })

  it('gives way to the limit that a job has of its own', async () => {
    await setTimeLimit(room.client, room.keys, 'wait', 60_000)
    await room.start([waiting])
    const { a } = await room.ended(await room.submit(job('a', 'wait', { timeoutMs: 30 })))
    expect(a?.error?.message).toContain('limit of 30 ms')
  })
})

describe('the idle limit of a task', () => {
  it('ends an attempt that gives no sign of life', async () => {
    const reasons: unknown[] = []
    const silent = defineTask({ name: 'silent', retry: 1, idle: '50ms' }, async (_, { signal }) => {
      await sleep(60_000, undefined, { signal }).catch(() => {})
      reasons.push((signal.reason as { code: string }).code)
    })
    await room.start([silent])
    const { a } = await room.ended(await room.submit(job('a', 'silent')))
    expect(a?.error).toMatchObject({
      code: 'MILLRACE_TASK_IDLE',
      message: expect.stringContaining('idle limit of 50 ms'),
    })
    expect(reasons).toEqual(['MILLRACE_TASK_IDLE'])
  })

  it.each(['heartbeat', 'progress'] as const)('leaves one in peace that calls ctx.%s() often enough', async (sign) => {
    const alive = defineTask({ name: 'alive', retry: 1, idle: '400ms' }, async (_, ctx) => {
      for (let n = 0; n < 8; n++) {
        await sleep(100)
        await ctx[sign](n)
      }
      return 'done'
    })
    await room.start([alive])
    expect((await room.ended(await room.submit(job('a', 'alive'))))['a']?.output).toBe('done')
  })

  it('does not lift the time limit', async () => {
    const busy = defineTask({ name: 'busy', retry: 1, idle: '400ms', timeout: '150ms' }, async (_, ctx) => {
      for (;;) {
        await sleep(10, undefined, { signal: ctx.signal })
        ctx.heartbeat()
      }
    })
    await room.start([busy])
    expect((await room.ended(await room.submit(job('a', 'busy'))))['a']?.error?.code).toBe('MILLRACE_TASK_TIMEOUT')
  })

  it('does not exist for a task that declares none', async () => {
    const quiet = defineTask({ name: 'quiet' }, () => sleep(100))
    expect(quiet.idleMs).toBeUndefined()
    await room.start([quiet])
    expect((await room.ended(await room.submit(job('a', 'quiet'))))['a']?.state).toBe('succeeded')
  })
})
