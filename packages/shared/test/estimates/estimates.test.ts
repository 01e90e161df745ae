import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { msOf, quantileBucket } from '../../src/estimates/buckets.ts'
import { readEstimates, taskEstimates, taskQuantile } from '../../src/estimates/estimates.ts'
import { createBatch, KEEP_MS, MOST_SAMPLES, measure } from '../../src/estimates/measure.ts'
import { connectBroker } from '../../src/redis/connection.ts'
import { type PoolKeys, poolKeys } from '../../src/redis/keys.ts'
import { brokerUrl, freshNamespace } from '../../src/testing/index.ts'

let client: Awaited<ReturnType<typeof connectBroker>>
let keys: PoolKeys
beforeAll(async () => {
  client = await connectBroker({ url: brokerUrl(), role: 'producer' })
})
beforeEach(() => {
  keys = poolKeys(freshNamespace())
})
afterAll(() => client.disconnect())

async function add(task: string, times: readonly number[], now?: number): Promise<void> {
  const batch = createBatch()
  for (const ms of times) batch.add(task, ms)
  await measure(client, keys, batch.take(), now)
}

async function sketch(task: string): Promise<Map<number, number>> {
  const fields = Object.entries(await client.hgetall(keys.sketch(task)))
  return new Map(fields.map(([bucket, count]) => [Number(bucket), Number(count)]))
}

describe('what the pool has measured of its tasks', () => {
  it('is nothing at first', async () => {
    expect(await taskEstimates(client, keys)).toEqual(new Map())
    expect(await taskQuantile(client, keys, 'mail', 0.5)).toBeUndefined()
  })

  it('is the median of each, within 5 %, whichever worker measured it', async () => {
    await add('mail', [100, 200, 300])
    await add('mail', [400, 5_000])
    await add('parse', [10])
    const estimates = await taskEstimates(client, keys)
    expect([...estimates.keys()].toSorted()).toEqual(['mail', 'parse'])
    expect(Math.abs((estimates.get('mail') as number) - 300)).toBeLessThanOrEqual(15)
    expect(Math.abs(((await taskQuantile(client, keys, 'mail', 1)) as number) - 5_000)).toBeLessThanOrEqual(250)
  })

  it('counts attempts that were cut off apart: nobody knows how long they would have taken', async () => {
    const batch = createBatch()
    batch.addTimeout('slow')
    await measure(client, keys, batch.take())
    expect((await readEstimates(client, keys)).get('slow')).toMatchObject({ samples: 0, timeouts: 1 })
    expect(await taskEstimates(client, keys)).toEqual(new Map())
  })

  it('is sent in calls of a few tasks, however many there are', async () => {
    const batch = createBatch()
    for (let i = 0; i < 45; i++) batch.add(`t${i}`, 7)
    await measure(client, keys, batch.take())
    expect((await taskEstimates(client, keys)).size).toBe(45)
    expect(batch.take().size).toBe(0)
  })

  it('speaks of the last attempts: old ones count half, again and again', async () => {
    await add('mail', Array(MOST_SAMPLES).fill(1_000))
    for (let i = 0; i < 3; i++) await add('mail', Array(MOST_SAMPLES / 2).fill(10))
    const { samples, medianMs } = (await readEstimates(client, keys)).get('mail') as {
      samples: number
      medianMs: number
    }
    expect(samples).toBeLessThanOrEqual(MOST_SAMPLES)
    expect(medianMs).toBeLessThan(11)
  })

  it('is halved so that no quantile moves by more than one rank', async () => {
    const wide = fc.array(fc.integer({ min: 1, max: 1e7 }), { minLength: 20, maxLength: 100 })
    await fc.assert(
      fc.asyncProperty(wide, fc.double({ min: 0, max: 1, noNaN: true }), async (times, q) => {
        keys = poolKeys(freshNamespace())
        const repeats = Math.ceil((MOST_SAMPLES + 1) / times.length)
        const all = Array.from({ length: repeats }, () => times).flat()
        await add('t', all)
        const halved = await sketch('t')
        const total = [...halved.values()].reduce((a, b) => a + b, 0)
        expect(total).toBeGreaterThan(MOST_SAMPLES / 2 - 1)
        const said = msOf(quantileBucket(halved, q) as number)
        const sorted = all.toSorted((a, b) => a - b)
        const near = (by: number) => {
          const rank = Math.ceil(q * all.length) + by
          return sorted[Math.min(all.length, Math.max(1, rank)) - 1] as number
        }
        expect(said).toBeGreaterThanOrEqual(near(-2) * 0.949)
        expect(said).toBeLessThanOrEqual(near(2) * 1.051)
      }),
      { numRuns: 25 },
    )
  })

  it('is forgotten when a task has not run for 30 days', async () => {
    await add('old', [5], Date.now() - KEEP_MS - 1)
    await add('new', [5])
    expect([...(await taskEstimates(client, keys)).keys()]).toEqual(['new'])
    expect(await client.hkeys(keys.estimates)).toEqual(['new'])
    expect(await client.pttl(keys.sketch('new'))).toBeGreaterThan(0)
  })
})
