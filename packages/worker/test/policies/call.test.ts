import { readLots } from '@millrace/shared'
import { until } from '@millrace/shared/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineResource, defineTask, type TaskContext } from '../../src/index.ts'
import { job, openRoom, type Room } from '../room.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

const task = (handler: (ctx: TaskContext) => unknown, options = {}) =>
  defineTask({ name: 'pay', retry: 1, ...options }, (_, ctx) => handler(ctx))
const stripe = (options = {}) => defineResource('stripe', options)
const waiting = async (lot: string) => (await readLots(room.client, room.keys)).find((one) => one.lot === lot)?.jobs
const opened = () => room.lines.filter(({ msg }) => /breaker is open/.test(msg)).length
const fails = () => Promise.reject(new Error('no answer'))

describe('ctx.resource(name).execute', () => {
  it('gives what the call gives, and the call a signal', async () => {
    const pay = task((ctx) => ctx.resource('stripe').execute(({ signal }) => ({ aborted: signal.aborted })))
    await room.start([pay], { resources: [stripe()] })
    expect((await room.ended(await room.submit(job('a', 'pay'))))['a']?.output).toEqual({ aborted: false })
  })

  it('tries again within the attempt when the resource says so', async () => {
    let calls = 0
    const pay = task((ctx) => ctx.resource('stripe').execute(() => (++calls < 3 ? fails() : calls)))
    await room.start([pay], { resources: [stripe({ retry: { attempts: 3, delay: 1 } })] })
    expect((await room.ended(await room.submit(job('a', 'pay'))))['a']?.output).toBe(3)
  })

  it('ends a call that takes too long, under a code of its own', async () => {
    const pay = task((ctx) => ctx.resource('stripe').execute(() => new Promise(() => {})))
    await room.start([pay], { resources: [stripe({ timeout: 20 })] })
    await room.ended(await room.submit(job('a', 'pay')))
    expect(await room.deadLetters()).toMatchObject([{ code: 'MILLRACE_RESOURCE_TIMEOUT' }])
  })

  it('opens the breaker by failed calls, even if the handler goes on without them', async () => {
    const pay = task((ctx) =>
      ctx
        .resource('stripe')
        .execute(fails)
        .catch(() => 'without'),
    )
    await room.start([pay], { resources: [stripe({ breaker: 2 })], concurrency: 1 })
    const id = await room.submit(...['a', 'b', 'c'].map((name) => job(name, 'pay')))
    const ended = await room.ended(id)
    expect(Object.values(ended).map(({ output }) => output)).toEqual(['without', 'without', 'without'])
    expect(opened()).toBe(1)
  })

  it('puts the whole job aside when the breaker is open, without spending an attempt', async () => {
    let down = true
    const pay = task((ctx) => ctx.resource('stripe').execute(() => (down ? fails() : 'paid')), {
      retry: { attempts: 2, delay: 1 },
    })
    await room.start([pay], { resources: [stripe({ breaker: { failures: 1, halfOpenAfter: '200ms' } })] })
    const id = await room.submit(...['a', 'b', 'c'].map((name) => job(name, 'pay')))
    await until(async () => ((await waiting('breaker/stripe')) ?? 0) > 0)
    down = false
    expect(Object.values(await room.ended(id)).map(({ output }) => output)).toEqual(['paid', 'paid', 'paid'])
  })

  it('holds one slot of the bulkhead, and none besides that of an attempt that uses the resource', async () => {
    const state = { now: 0, most: 0 }
    const pay = task(
      (ctx) =>
        ctx.resource('stripe').execute(async () => {
          state.most = Math.max(state.most, ++state.now)
          await new Promise((resolve) => setTimeout(resolve, 5))
          state.now--
        }),
      { uses: ['stripe'] },
    )
    const other = defineTask({ name: 'other', retry: 1 }, (_, ctx) => pay.handler(null, ctx))
    await room.start([pay, other], { resources: [stripe({ bulkhead: 1 })], concurrency: 4 })
    const jobs = Array.from({ length: 12 }, (_, index) => job(`j${index}`, index % 2 ? 'pay' : 'other'))
    const ended = await room.ended(await room.submit(...jobs))
    expect(Object.values(ended).every(({ state }) => state === 'succeeded')).toBe(true)
    expect(state.most).toBe(1)
  })

  it('is refused for a name that nobody knows, with the nearest one', async () => {
    await room.start([task((ctx) => ctx.resource('strip'), { uses: ['geoip'] })], { resources: [stripe()] })
    await room.ended(await room.submit(job('a', 'pay')))
    const [letter] = await room.deadLetters()
    expect(letter).toMatchObject({
      code: 'MILLRACE_RESOURCE_UNKNOWN',
      message: expect.stringContaining('Did you mean'),
    })
    expect(letter?.message).toContain('There are: stripe, geoip.')
  })
})
