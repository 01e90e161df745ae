import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineResource, defineTask } from '../../src/index.ts'
import { job, openRoom, type Room } from '../room.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

/** A task that notes how many of it run at once. */
function crowd(name: string, options = {}) {
  const state = { now: 0, most: 0, runs: 0 }
  const task = defineTask({ name, retry: 1, ...options }, async () => {
    state.runs++
    state.most = Math.max(state.most, ++state.now)
    await sleep(5)
    state.now--
  })
  return { state, task }
}

const jobs = (count: number, task: string) => Array.from({ length: count }, (_, index) => job(`${task}${index}`, task))
const spent = async (id: string, names: readonly string[]) => {
  const rows = await Promise.all(
    names.map((name) => room.client.hmget(room.keys.job('default', `${id}.${name}`), 'atm', 'parkings')),
  )
  return { attempts: rows.map(([made]) => Number(made)), parkings: rows.map(([, count]) => Number(count ?? 0)) }
}

describe('a bulkhead', () => {
  it('holds a resource to its slots, whichever task uses it, and spends no attempt', async () => {
    const [a, b] = [crowd('a', { uses: ['db'] }), crowd('b', { uses: ['db'] })]
    const both = { now: 0, most: 0 }
    const count = (state: typeof a.state) => state.now
    await room.start([a.task, b.task], { resources: [defineResource('db', { bulkhead: 2 })], concurrency: 8 })
    const all = [...jobs(20, 'a'), ...jobs(20, 'b')]
    const watching = setInterval(() => {
      both.most = Math.max(both.most, count(a.state) + count(b.state))
    }, 1)
    const id = await room.submit(...all)
    await room.ended(id)
    clearInterval(watching)
    expect(a.state.runs + b.state.runs).toBe(40)
    expect(Math.max(a.state.most, b.state.most, both.most)).toBeLessThanOrEqual(2)
    const { attempts, parkings } = await spent(
      id,
      all.map(({ name }) => name),
    )
    expect(new Set(attempts)).toEqual(new Set([1]))
    expect(Math.max(...parkings)).toBeGreaterThan(0)
  })

  it('holds a task to its slots and leaves the others to everybody else', async () => {
    const [slow, quick] = [crowd('slow', { bulkhead: 1 }), crowd('quick')]
    await room.start([slow.task, quick.task], { concurrency: 4 })
    const id = await room.submit(...jobs(10, 'slow'), ...jobs(40, 'quick'))
    await room.ended(id)
    expect(slow.state.most).toBe(1)
    expect(quick.state.most).toBeGreaterThan(1)
  })

  it('may let some wait for their turn in the worker', async () => {
    const { state, task } = crowd('a', { bulkhead: { limit: 1, queue: 7 } })
    await room.start([task], { concurrency: 8 })
    const id = await room.submit(...jobs(8, 'a'))
    await room.ended(id)
    expect(state.most).toBe(1)
    expect(
      (
        await spent(
          id,
          jobs(8, 'a').map(({ name }) => name),
        )
      ).parkings,
    ).toEqual(Array(8).fill(0))
  })

  it('is half of the concurrency for a resource that says nothing', async () => {
    const { state, task } = crowd('a', { uses: ['geoip'] })
    await room.start([task], { concurrency: 6 })
    await room.ended(await room.submit(...jobs(30, 'a')))
    expect(state.most).toBe(3)
  })

  it('lets go of those who wait in it when they are told to stop', async () => {
    const { task } = crowd('a', { bulkhead: { limit: 1, queue: 5 } })
    const hung = defineTask(
      { name: 'hung', bulkhead: { limit: 1, queue: 5 }, retry: 1 },
      async (_, { progress, signal }) => {
        await progress(0)
        await sleep(60_000, undefined, { signal })
      },
    )
    const worker = await room.start([task, hung], { concurrency: 4 })
    const id = await room.submit(...jobs(3, 'hung'))
    await room.begun(id, 'hung0').catch(() => {})
    const begun = performance.now()
    await worker.close()
    expect(performance.now() - begun).toBeLessThan(5_000)
    expect(worker.counts().handedBack).toBe(3)
  })
})
