import { createRedisBackend, type Job, type RedisQueueBackend } from 'bullmq'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { engineBackend } from '../../src/engine/index.ts'
import { connectBroker, ingest, type PoolKeys, poolKeys } from '../../src/index.ts'
import { brokerUrl, freshNamespace } from '../../src/testing/index.ts'
import { job, plan } from './room.ts'

let client: Redis
let keys: PoolKeys
let ours: RedisQueueBackend
let theirs: RedisQueueBackend

beforeAll(async () => {
  client = await connectBroker({ url: brokerUrl(), role: 'worker' })
})
afterAll(() => client.disconnect())

/** A namespace of its own, with a backend of each kind on its queue. */
function openNamespace(): void {
  keys = poolKeys(freshNamespace())
  const options = { prefix: keys.prefix, connection: client, lockDuration: 10_000, name: 'worker' } as never
  ours = engineBackend(keys)('default', options, {}) as RedisQueueBackend
  theirs = createRedisBackend('default', options, {}) as RedisQueueBackend
}
beforeEach(openNamespace)

const handle = (id: string) => ({ id, opts: { attempts: 1 } }) as unknown as Job

const takeFirst = async () => (await theirs.moveToActive('token', 'worker'))[1] as string

/** Everything that Redis holds of the queue, without the times at which it happened. */
async function queueState() {
  const of = (type: string) => keys.queue('default', type)
  const jobs: Record<string, unknown> = {}
  for (const id of ['w.a', 'w.b', 'w.c']) {
    const { processedOn, finishedOn, timestamp, ...rest } = await client.hgetall(keys.job('default', id))
    jobs[id] = { ...rest, started: processedOn !== undefined, ended: finishedOn !== undefined }
  }
  return {
    jobs,
    wait: await client.lrange(of('wait'), 0, -1),
    active: await client.lrange(of('active'), 0, -1),
    prioritized: await client.zrange(of('prioritized'), '0', '-1'),
    completed: await client.zrange(of('completed'), '0', '-1'),
    stalled: await client.smembers(of('stalled')),
    locks: await Promise.all(['w.a', 'w.b', 'w.c'].map((id) => client.get(`${keys.job('default', id)}:lock`))),
  }
}

describe('a job that succeeded', () => {
  it('leaves in Redis what BullMQ would have left, and gives the same next job', async () => {
    const outcomes = []
    for (const whose of ['theirs', 'ours'] as const) {
      openNamespace()
      const backend = whose === 'ours' ? ours : theirs
      await ingest(client, keys, plan([job('a', [], { with: { n: 1 } }), job('b'), job('c')]), { id: 'w' })
      const [, first] = await theirs.moveToActive('token', 'worker')
      const { result } = await backend.moveToCompleted(
        handle(first as string),
        { ok: [1] },
        false as never,
        'token',
        true,
      )
      const [json, id] = result as [Record<string, unknown>, string]
      const { processedOn, timestamp, processedBy, ...rest } = json
      const known = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
      outcomes.push({ next: { ...known, id }, state: await queueState() })
    }
    expect(outcomes[1]?.state).toEqual(outcomes[0]?.state)
    const [theirNext, ourNext] = outcomes.map(({ next }) => ({ ...next, attemptsStarted: 1 }))
    // BullMQ reads a number where a job without delay has none
    expect(ourNext).toEqual({ ...theirNext, delay: 0 })
  })

  it('is refused as BullMQ refuses it: gone, not ours, not active', async () => {
    await ingest(client, keys, plan([job('a')]), { id: 'w' })
    const end = (id: string, token = 'token') => ours.moveToCompleted(handle(id), null, false as never, token, false)
    await expect(end('w.nobody')).rejects.toMatchObject({ code: -1 })
    await expect(end('w.a')).rejects.toMatchObject({ code: -2 })
    await theirs.moveToActive('token', 'worker')
    const before = await queueState()
    await expect(end('w.a', 'another')).rejects.toMatchObject({ code: -6 })
    expect(await queueState()).toEqual(before)
    await end('w.a')
    await expect(end('w.a')).rejects.toMatchObject({ code: -2 })
  })

  it('takes what was handed back before what has a priority, and leaves out what somebody removed', async () => {
    await ingest(client, keys, plan([job('a'), job('b'), job('c')]), { id: 'w' })
    const first = await takeFirst()
    const [second, third] = (await client.zrange(keys.queue('default', 'prioritized'), '0', '-1')) as [string, string]
    await client.zrem(keys.queue('default', 'prioritized'), third)
    await client.rpush(keys.queue('default', 'wait'), third, 'removed')
    const next = async (id: string) => {
      const { result } = await ours.moveToCompleted(handle(id), null, false as never, 'token', true)
      return (result as [unknown, string])[1]
    }
    expect(await next(first)).toBeNull() // it was the turn of the removed one
    expect(await client.lrange(keys.queue('default', 'active'), 0, -1)).toEqual([])
    expect(await takeFirst()).toBe(third)
    expect(await next(third)).toBe(second)
  })

  it('takes nothing from a queue that is paused', async () => {
    await ingest(client, keys, plan([job('a'), job('b')]), { id: 'w' })
    const first = await takeFirst()
    await client.hset(keys.queue('default', 'meta'), 'paused', 1)
    const { result } = await ours.moveToCompleted(handle(first), null, false as never, 'token', true)
    expect((result as unknown[])[1]).toBeFalsy()
    expect(await client.zrange(keys.queue('default', 'prioritized'), '0', '-1')).toHaveLength(1)
  })

  it('gives the next job the outputs of its needs, as many and as large as they are', async () => {
    const needs = Array.from({ length: 40 }, (_, index) => `n${index}`)
    for (const [few, expected] of [
      [needs.slice(0, 3), true],
      [needs, false],
    ] as const) {
      openNamespace()
      const all = few.map((name) => job(name))
      await ingest(client, keys, plan([...all, job('sink', few)]), { id: 'w' })
      let data: { outputs?: Record<string, unknown> } = {}
      for (let [, id] = await ours.moveToActive('token', 'worker'); id !== 'w.sink'; ) {
        const { result } = await ours.moveToCompleted(handle(id as string), { of: id }, false as never, 'token', true)
        const [json, next] = result as [{ data: string }, string]
        id = next
        data = JSON.parse(json.data)
      }
      expect(data.outputs).toEqual(
        expected ? Object.fromEntries(few.map((name) => [name, { of: `w.${name}` }])) : undefined,
      )
    }
  })

  it('is an event of BullMQ only when the queue is listened to', async () => {
    for (const on of [false, true]) {
      openNamespace()
      await ingest(client, keys, plan([job('a')]), { id: 'w' })
      await theirs.moveToActive('token', 'worker')
      if (on) await client.hset(keys.queue('default', 'meta'), 'events', 'on')
      await ours.moveToCompleted(handle('w.a'), 7, false as never, 'token', false)
      const entries = await client.xrange(keys.queue('default', 'events'), '-', '+')
      expect(entries.filter(([, fields]) => fields.includes('completed'))).toHaveLength(on ? 1 : 0)
    }
  })
})
