import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { abandonFlight, boardFlight, cacheHash, connectBroker, landFlight, poolKeys } from '../../src/index.ts'
import { brokerUrl, freshNamespace } from '../../src/testing/index.ts'
import { attemptsOf } from '../checkpoints/attempts.ts'

const keys = poolKeys(freshNamespace())
let client: Awaited<ReturnType<typeof connectBroker>>
beforeAll(async () => {
  client = await connectBroker({ url: brokerUrl(), role: 'worker' })
})
afterAll(() => client.disconnect())

const keeping = { ttlMs: 60_000, most: 3 }
const entry = (hash: string) => ({ task: 'work', hash })
const board = (locked: Parameters<typeof boardFlight>[2], hash: string) =>
  boardFlight(client, keys, locked, entry(hash))

describe('the hash of what an output depends on', () => {
  it('does not depend on the order of properties, and does on everything else', () => {
    const hash = (key: never, version = '1', task = 't') => cacheHash({ task, version, key })
    expect(hash({ a: 1, b: { c: [1, 2], d: null } } as never)).toBe(hash({ b: { d: null, c: [1, 2] }, a: 1 } as never))
    const subjects = [{ a: [1, 2] }, { a: [2, 1] }, { a: '1,2' }, { a: [[1], 2] }, { 'a":1,"b': 2 }, { a: 1, b: 2 }]
    const hashes = [...subjects.map((key) => hash(key as never)), hash(1 as never, '2'), hash(1 as never, '1', 'u')]
    expect(new Set(hashes).size).toBe(hashes.length)
  })
})

describe('an output that is cached', () => {
  it('is computed by one of those that ask, and then given to all', async () => {
    const [one, two] = [attemptsOf(client, keys, 'w', 'one'), attemptsOf(client, keys, 'w', 'two')]
    const [first, second] = [await one.begin(), await two.begin()]
    expect(await board(first, 'x')).toEqual({ kind: 'compute' })
    expect(await board(second, 'x')).toEqual({ kind: 'wait', sinceMs: expect.any(Number), job: 'default:w.one' })
    expect(await board(second, 'y')).toEqual({ kind: 'compute' })
    await landFlight(client, keys, first, entry('x'), { output: { deep: [] }, ...keeping })
    expect(await board(second, 'x')).toEqual({ kind: 'hit', output: { deep: [] } })
  })

  it('is computed by the next when the attempt that did ended, lost its job, or gave up', async () => {
    const [one, two] = [attemptsOf(client, keys, 'v', 'one'), attemptsOf(client, keys, 'v', 'two')]
    const [first, second] = [await one.begin('slot'), await two.begin()]
    await board(first, 'ended')
    await board(first, 'gave-up')
    await abandonFlight(client, keys, first, entry('gave-up'))
    expect(await board(second, 'gave-up')).toEqual({ kind: 'compute' })
    await one.begin('slot') // the same token, another attempt
    expect(await board(second, 'ended')).toEqual({ kind: 'compute' })
    await two.end()
    expect(await board(await one.begin(), 'ended')).toEqual({ kind: 'compute' })
  })

  it('is not kept when the attempt that computed it no longer has its job', async () => {
    const one = attemptsOf(client, keys, 'u')
    const first = await one.begin()
    await board(first, 'late')
    const second = await one.begin()
    const landing = landFlight(client, keys, first, entry('late'), { output: 1, ...keeping })
    await expect(landing).rejects.toMatchObject({ code: 'MILLRACE_LOCK_LOST' })
    expect(await board(second, 'late')).toEqual({ kind: 'compute' })
  })

  it('goes when there are too many, the one that would expire first', async () => {
    const locked = await attemptsOf(client, keys, 's').begin()
    for (const [at, hash] of ['a', 'b', 'c', 'd'].entries()) {
      const kept = { output: hash, ttlMs: 60_000 + 1_000 * at, most: 3 }
      await landFlight(client, keys, locked, { task: 'few', hash }, kept)
    }
    expect((await client.keys(`${keys.cached('few', '')}*`)).length).toBe(3)
    expect(await client.exists(keys.cached('few', 'a'))).toBe(0)
  })
})
