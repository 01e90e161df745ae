import { createRedisBackend, type RedisQueueBackend } from 'bullmq'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { engineBackend } from '../../src/engine/index.ts'
import { connectBroker, ingest, type PoolKeys, poolKeys } from '../../src/index.ts'
import { brokerUrl, freshNamespace, until } from '../../src/testing/index.ts'
import { job, plan } from './room.ts'

let client: Redis
let keys: PoolKeys
const free = 4
let ours: RedisQueueBackend

beforeAll(async () => {
  client = await connectBroker({ url: brokerUrl(), role: 'worker' })
})
afterAll(() => client.disconnect())

beforeEach(async () => {
  keys = poolKeys(freshNamespace())
  ours = engineBackend(keys, { freeSlots: () => free })('default', options(), {}) as RedisQueueBackend
  await ingest(client, keys, plan(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => job(name))), { id: 'w' })
})

const options = () => ({ prefix: keys.prefix, connection: client, lockDuration: 10_000, name: 'worker' }) as never
const take = async (token: string) => (await ours.moveToActive(token, 'worker'))[1]
const active = () => client.llen(keys.queue('default', 'active'))

describe('a worker with free slots', () => {
  it('takes a job for each by one call; every one is locked with the token that asks for it', async () => {
    const first = await take('me:7')
    expect(await active()).toBe(4)
    const ids = [first, await take('me:8'), await take('me:9'), await take('me:10')]
    expect(await active()).toBe(4)
    expect(new Set(ids).size).toBe(4)
    const locks = await Promise.all(ids.map((id) => client.get(`${keys.job('default', id as string)}:lock`)))
    expect(locks).toEqual(['me:7', 'me:8', 'me:9', 'me:10'])
  })

  it('takes them in the order in which BullMQ would', async () => {
    const theirs = createRedisBackend('default', options(), {}) as RedisQueueBackend
    const expected = await client.zrange(keys.queue('default', 'prioritized'), '0', '-1')
    const ids = []
    for (let n = 0; n < 5; n++) ids.push(await take(`me:${n}`))
    ids.push((await theirs.moveToActive('other', 'worker'))[1] || undefined) // two more were taken ahead: nothing is left
    expect(ids).toEqual([...expected.slice(0, 5), undefined])
  })

  it('takes one for an old token, so that two calls under way keep nothing from each other', async () => {
    const taken = await Promise.all([take('me:9'), take('me:8'), take('me:7')])
    expect(await active()).toBe(6)
    taken.push(await take('me:10'), await take('me:11'), await take('me:12'))
    expect(new Set(taken.filter(Boolean)).size).toBe(6)
  })

  it('takes one when its token has no number', async () => {
    await take('token')
    expect(await active()).toBe(1)
  })

  it('gives back at once what it took ahead when it then finds nothing: it would sleep, and somebody must wake up', async () => {
    await take('me:1')
    expect([await take('x'), await take('y')]).not.toContain(undefined)
    await client.del(keys.queue('default', 'marker'))
    expect(await take('z')).toBeFalsy()
    expect(await active()).toBe(3)
    expect(await client.zcard(keys.queue('default', 'prioritized'))).toBe(3)
    expect(await client.zrange(keys.queue('default', 'marker'), '0', '-1')).toEqual(['0'])
  })

  it('gives back what it does not ask for, when it is closed or after a second', async () => {
    await take('me:1')
    await until(async () => (await active()) === 1)
    const ours2 = engineBackend(keys, { freeSlots: () => 3 })('default', options(), {}) as RedisQueueBackend
    await ours2.moveToActive('you:1', 'worker')
    expect(await active()).toBe(4)
    await ours2.close()
    expect(await active()).toBe(2)
    expect(await client.zcard(keys.queue('default', 'prioritized'))).toBe(4)
  })
})
