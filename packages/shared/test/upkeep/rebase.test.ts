import { UnrecoverableError, Worker } from 'bullmq'
import fc from 'fast-check'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engineBackend } from '../../src/engine/index.ts'
import { connectBroker, ingest, LEVELS, type PoolKeys, poolKeys, rebase, replayDeadLetter } from '../../src/index.ts'
import { brokerUrl, freshNamespace } from '../../src/testing/index.ts'
import type { Level } from '../../src/workflow/states.ts'
import { job, plan } from '../engine/room.ts'

let client: Redis
beforeAll(async () => {
  client = await connectBroker({ url: brokerUrl(), role: 'worker' })
})
afterAll(() => client.disconnect())

const HOUR = 3_600_000
const START = 1_800_000_000_000

const submit = (keys: PoolKeys, id: string, jobs: Parameters<typeof plan>[0], priority: Level, at: number) =>
  ingest(client, keys, plan(jobs, { priority }), { id, now: () => at })

/** `a` can run, `b` is delayed, `c` waits for `a`. */
const three = (priority: Level) => [
  job('a', [], { priority }),
  job('b', [], { priority, delayMs: HOUR }),
  job('c', ['a'], { priority }),
]

async function numbers(keys: PoolKeys, workflows: readonly string[]): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (const workflow of workflows) {
    for (const suffix of await client.lrange(keys.jobs(workflow), 0, -1)) {
      const [priority, opts] = await client.hmget(`${keys.prefix}:${suffix}`, 'priority', 'opts')
      if (opts) expect(JSON.parse(opts).priority).toBe(Number(priority)) // of a job that is delayed
      found.set(suffix, Number(priority))
    }
  }
  return found
}

describe('re-basing', () => {
  it('keeps the order of everything that waits, in every state', async () => {
    const submissions = fc.array(
      fc.record({ level: fc.constantFrom(...LEVELS), at: fc.integer({ min: 8 * HOUR, max: 31 * HOUR }) }),
      { minLength: 2, maxLength: 12 },
    )
    await fc.assert(
      fc.asyncProperty(submissions, async (all) => {
        const keys = poolKeys(freshNamespace())
        await submit(keys, 'first', [job('a')], 'normal', START)
        const ids = all.map((_, index) => `w${index}`)
        for (const [index, { level, at }] of all.entries())
          await submit(keys, `w${index}`, three(level), level, START + at)
        const queue = keys.queue('default', 'prioritized')
        const before = { queue: await client.zrange(queue, '0', '-1'), numbers: await numbers(keys, ids) }

        expect(await rebase(client, keys, START + 31 * HOUR)).toBe(1 + 3 * all.length)

        expect(await client.zrange(queue, '0', '-1')).toEqual(before.queue)
        const after = await numbers(keys, ids)
        const shifts = new Set([...before.numbers].map(([suffix, number]) => number - after.get(suffix)!))
        expect([...shifts]).toEqual([(7 * HOUR) / 100])
        for (const id of await client.zrange(queue, '0', '-1')) {
          const score = Number(await client.zscore(queue, id))
          expect(Math.floor(score / 2 ** 32)).toBe(Number(await client.hget(keys.job('default', id), 'priority')))
        }
      }),
      { numRuns: 15 },
    )
  })

  it('lets those who come after it take their place among those who were there', async () => {
    const keys = poolKeys(freshNamespace())
    await submit(keys, 'old', [job('a')], 'normal', START)
    await submit(keys, 'low', [job('a', [], { priority: 'low' })], 'low', START + 30 * HOUR)
    await rebase(client, keys, START + 31 * HOUR)
    await submit(keys, 'high', [job('a', [], { priority: 'high' })], 'high', START + 34 * HOUR)
    await submit(keys, 'later', [job('a', [], { priority: 'high' })], 'high', START + 36 * HOUR)
    expect(await client.zrange(keys.queue('default', 'prioritized'), '0', '-1')).toEqual([
      'old.a',
      'high.a',
      'low.a',
      'later.a',
    ])
  })

  it('mends an epoch that a wrong clock has put into the future', async () => {
    const keys = poolKeys(freshNamespace())
    await submit(keys, 'wrong', [job('a')], 'normal', START + 48 * HOUR)
    await submit(keys, 'low', [job('a', [], { priority: 'low' })], 'low', START)
    await rebase(client, keys, START)
    await submit(keys, 'high', [job('a', [], { priority: 'high' })], 'high', START)
    expect(await client.zrange(keys.queue('default', 'prioritized'), '0', '-1')).toEqual(['low.a', 'high.a', 'wrong.a'])
  })

  it('is done when it is due, and once', async () => {
    const keys = poolKeys(freshNamespace())
    expect(await rebase(client, keys, START)).toBe(0)
    await submit(keys, 'w', [job('a')], 'normal', START)
    expect(await rebase(client, keys, START + 30 * HOUR)).toBe(0)
    expect(await rebase(client, keys, START + 31 * HOUR)).toBe(1)
    expect(await rebase(client, keys, START + 31 * HOUR)).toBe(0)
  })

  it('goes on after a crash where it was, moving no job twice', async () => {
    const keys = poolKeys(freshNamespace())
    const jobs = Array.from({ length: 700 }, (_, index) => job(`j${index}`))
    const ids = ['v', 'w']
    await submit(keys, 'first', [], 'normal', START)
    for (const id of ids) await submit(keys, id, jobs, 'normal', START + 10 * HOUR)
    const before = await numbers(keys, ids)
    let calls = 0
    const dying = new Proxy(client, {
      get(target, name) {
        if (name === 'evalsha' && ++calls > 4) throw new Error('killed')
        const value = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    await expect(rebase(dying, keys, START + 31 * HOUR)).rejects.toThrow('killed')
    await rebase(client, keys, START + 31 * HOUR)
    const after = await numbers(keys, ids)
    expect(new Set([...before].map(([suffix, number]) => number - after.get(suffix)!))).toEqual(
      new Set([(7 * HOUR) / 100]),
    )
  })

  it('reaches a dead job when it is replayed, with what its failure had skipped', async () => {
    const keys = poolKeys(freshNamespace())
    await submit(keys, 'first', [], 'normal', START)
    await submit(keys, 'dead', [job('a'), job('b', ['a'])], 'normal', START + 10 * HOUR)
    await submit(keys, 'other', [job('a')], 'normal', START + 11 * HOUR)
    const options = { prefix: keys.prefix, connection: client, autorun: false }
    const worker = new Worker('default', null, options, engineBackend(keys))
    const taken = await worker.getNextJob('t', { block: false })
    await taken?.moveToFailed(new UnrecoverableError('for good'), 't')
    const before = await numbers(keys, ['dead'])

    expect(await rebase(client, keys, START + 31 * HOUR)).toBe(1)
    expect(await replayDeadLetter(client, keys, 'default~dead.a')).toBe('replayed')

    const after = await numbers(keys, ['dead'])
    for (const [suffix, number] of before) expect(after.get(suffix)).toBe(number - (7 * HOUR) / 100)
    expect(await client.zrange(keys.queue('default', 'prioritized'), '0', '-1')).toEqual(['dead.a', 'other.a'])
    await worker.close(true)
  })
})
