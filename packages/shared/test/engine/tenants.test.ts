import fc from 'fast-check'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectBroker, ingest, type PoolKeys, poolKeys } from '../../src/index.ts'
import { brokerUrl, freshNamespace } from '../../src/testing/index.ts'
import { job, plan } from './room.ts'

let client: Redis
beforeAll(async () => {
  client = await connectBroker({ url: brokerUrl(), role: 'worker' })
})
afterAll(() => client.disconnect())

/** A pool without workers: what is taken is taken from the front of its queue. */
function openPool(keys: PoolKeys = poolKeys(freshNamespace())) {
  let clock = 1_800_000_000_000
  let count = 0
  return {
    wait: (ms: number) => {
      clock += ms
    },
    submit: (tenant: string | undefined, jobs = 1, queue = 'default') => {
      const list = Array.from({ length: jobs }, (_, index) => job(`j${index}`, [], { queue }))
      const id = `${tenant ?? 'shared'}-${count++}`
      return ingest(client, keys, plan(list, { ...(tenant && { tenant }) }), { id, now: () => clock })
    },
    /** Tenants of the next jobs. */
    take: async (jobs: number): Promise<string[]> => {
      const flat = await client.zpopmin(keys.queue('default', 'prioritized'), jobs)
      return flat.filter((_, index) => index % 2 === 0).map((id) => id.slice(0, id.indexOf('-')))
    },
  }
}

describe('a tenant', () => {
  it.each([
    ['in one workflow', async (pool: ReturnType<typeof openPool>) => pool.submit('big', 10_000)],
    [
      'in a thousand workflows',
      async (pool: ReturnType<typeof openPool>) => {
        for (let n = 0; n < 1_000; n++) await pool.submit('big', 10)
      },
    ],
    ['without a name', async (pool: ReturnType<typeof openPool>) => pool.submit(undefined, 10_000)],
  ])(
    'with 10,000 waiting jobs %s does not delay the first job of another, however long they have waited',
    async (_, fill) => {
      const pool = openPool()
      await fill(pool)
      pool.wait(1_800_000)
      await pool.take(480)
      await pool.submit('small')
      expect(await pool.take(1)).toEqual(['small'])
      await pool.submit('other')
      await pool.submit(undefined)
      expect(await pool.take(6)).toEqual(expect.arrayContaining(['other', 'shared']))
    },
  )

  it('that comes again at once does not get in front again: the two take turns', async () => {
    const pool = openPool()
    await pool.submit('big', 2_000)
    pool.wait(600_000)
    for (let n = 0; n < 200; n++) await pool.submit('small')
    const served = await pool.take(300)
    const small = served.filter((tenant) => tenant === 'small').length
    expect(small).toBeGreaterThan(100)
    expect(small).toBeLessThan(200)
  })

  it('alone is served in the order of submission', async () => {
    const keys = poolKeys(freshNamespace())
    const pool = openPool(keys)
    for (let n = 0; n < 50; n++) {
      await pool.submit('only', 1 + (n % 3))
      pool.wait(n % 7)
    }
    const ids = await client.zrange(keys.queue('default', 'prioritized'), '0', '-1')
    const firsts = ids.filter((id) => id.endsWith('.j0')).map((id) => Number(/-(\d+)\./.exec(id)?.[1]))
    expect(firsts).toEqual(firsts.toSorted((a, b) => a - b))
  })
})

describe('tenants that all have jobs waiting', () => {
  it('get about the same share of any stretch, whatever they submit at once', async () => {
    const load = fc.array(
      fc.record({ tenant: fc.constantFrom('a', 'b', 'c'), jobs: fc.integer({ min: 1, max: 30 }) }),
      {
        minLength: 30,
        maxLength: 60,
      },
    )
    await fc.assert(
      fc.asyncProperty(load, async (submissions) => {
        const pool = openPool()
        const left = { a: 0, b: 0, c: 0 }
        for (const { tenant, jobs } of submissions) {
          await pool.submit(tenant, jobs)
          left[tenant as 'a'] += jobs
        }
        const served = { a: 0, b: 0, c: 0 }
        // as long as nobody runs dry, nobody is more than four of the largest workflows behind another
        while (Math.min(left.a, left.b, left.c) > 0) {
          const [tenant] = await pool.take(1)
          served[tenant as 'a']++
          left[tenant as 'a']--
          expect(Math.max(...Object.values(served)) - Math.min(...Object.values(served))).toBeLessThanOrEqual(120)
        }
      }),
      { numRuns: 15 },
    )
  })
})
