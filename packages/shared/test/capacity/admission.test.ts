import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  cancelWorkflow,
  connectBroker,
  ingest,
  type MillraceError,
  poolKeys,
  purgeWorkflow,
  readSummary,
  readTenants,
  setCapacity,
  setQuota,
} from '../../src/index.ts'
import { brokerUrl, freshNamespace } from '../../src/testing/index.ts'
import type { Plan, PlannedJob } from '../../src/workflow/plan.ts'
import { job, openRoom, plan } from '../engine/room.ts'

let client: Awaited<ReturnType<typeof connectBroker>>
let keys = poolKeys(freshNamespace())
beforeEach(async () => {
  client = await connectBroker({ url: brokerUrl(), role: 'producer' })
  keys = poolKeys(freshNamespace())
})
afterEach(() => client.disconnect())

const of = (count: number, rest: Partial<PlannedJob> = {}): PlannedJob[] =>
  Array.from({ length: count }, (_, index) => job(`j${index}`, [], rest))
let number = 0
const submit = (workflow: Plan, id = `w${number++}`) => ingest(client, keys, workflow, { id })
const refusal = (workflow: Plan, id?: string): Promise<MillraceError> =>
  submit(workflow, id).then(
    () => expect.unreachable('it was not refused'),
    (error: MillraceError) => error,
  )

describe('a queue', () => {
  it('refuses at its capacity what would bring more, writes nothing of it, and says when to try again', async () => {
    await setCapacity(client, keys, 'default', 10)
    await submit(plan(of(8)))
    const error = await refusal(plan(of(3)), 'late')
    expect(error).toMatchObject({ code: 'MILLRACE_QUEUE_FULL', retryAfter: 30_000 })
    expect(error.message).toMatch(/"default" is full: it holds 8 of 10 jobs; this workflow brings 3/)
    expect(await client.keys(`${keys.prefix}*late*`)).toEqual([])
    expect(await submit(plan(of(2)))).toMatchObject({ created: true })
  })

  it('sheds the lowest levels from 90 % on, and nothing that has a more urgent job', async () => {
    await setCapacity(client, keys, 'default', 10)
    await submit(plan(of(9)))
    const error = await refusal(plan(of(1, { priority: 'low' })))
    expect(error).toMatchObject({ code: 'MILLRACE_QUEUE_FULL', message: expect.stringContaining('sheds') })
    expect((await refusal(plan(of(1, { priority: 'background' })))).code).toBe('MILLRACE_QUEUE_FULL')
    expect(await submit(plan(of(1, { priority: 'normal' })))).toMatchObject({ created: true })
  })

  it('counts jobs that wait for their needs or their delay, and none of another queue', async () => {
    await setCapacity(client, keys, 'default', 4)
    await submit(plan([job('a'), job('b', ['a']), job('c', [], { delayMs: 60_000 })]))
    await submit(plan(of(50, { queue: 'other' })))
    expect((await refusal(plan(of(2)))).code).toBe('MILLRACE_QUEUE_FULL')
    expect(await submit(plan(of(1)))).toMatchObject({ created: true })
  })

  it('is not overshot by many producers that submit at once', async () => {
    await setCapacity(client, keys, 'default', 1_000)
    const producers = await Promise.all(
      Array.from({ length: 4 }, () => connectBroker({ url: brokerUrl(), role: 'producer' })),
    )
    // some in one step, some in several: what is reserved counts as if it were there
    const sizes = Array.from({ length: 40 }, (_, index) => (index % 4 === 0 ? 150 : 7))
    const ends = await Promise.allSettled(
      sizes.map((size, index) =>
        ingest(producers[index % 4] as typeof client, keys, plan(of(size)), { id: `p${index}` }),
      ),
    )
    const taken = ends.map(({ status }, index) => (status === 'fulfilled' ? (sizes[index] as number) : 0))
    const sum = taken.reduce((a, b) => a + b, 0)
    expect(await client.zcard(keys.queue('default', 'prioritized'))).toBe(sum)
    expect(sum).toBeGreaterThan(1_000 - 150)
    expect(sum).toBeLessThanOrEqual(1_000)
    expect(ends.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0)
    expect(await client.exists(keys.reserved)).toBe(0)
    for (const [index, { status }] of ends.entries()) {
      const summary = await readSummary(client, keys, `p${index}`)
      expect(summary?.jobs.total).toBe(status === 'fulfilled' ? sizes[index] : undefined)
    }
    for (const producer of producers) producer.disconnect()
  })

  it('says that a workflow that is larger than the queue never has room', async () => {
    await setCapacity(client, keys, 'default', 5)
    const error = await refusal(plan(of(6)))
    expect(error.retryAfter).toBeUndefined()
    expect(error.message).toContain('never have room')
  })

  it('takes a workflow again that it has taken before, full or not', async () => {
    await setCapacity(client, keys, 'default', 5)
    await submit(plan(of(5)), 'same')
    expect(await submit(plan(of(5)), 'same')).toEqual({ id: 'same', created: false })
  })

  it('gets the room back that a dead producer reserved for the rest of its workflow', async () => {
    await setCapacity(client, keys, 'default', 300)
    // as a producer leaves it that dies after its first step of a workflow of 250 jobs
    const dying = Object.assign(Object.create(client), { calls: 0 }) as typeof client & { calls: number }
    dying.evalsha = ((...args: Parameters<typeof client.evalsha>) =>
      dying.calls++ < 1 ? client.evalsha(...args) : Promise.reject(new Error('died'))) as typeof client.evalsha
    await ingest(client, keys, plan(of(1)), { id: 'known' }) // so that Redis knows the script
    await expect(ingest(dying, keys, plan(of(250)), { id: 'half' })).rejects.toThrow('died')
    expect((await refusal(plan(of(60)))).code).toBe('MILLRACE_QUEUE_FULL')
    expect(await purgeWorkflow(client, keys, 'half', Date.now() + 1)).toBe(true)
    expect(await client.exists(keys.reserved)).toBe(0)
    expect(await submit(plan(of(60)))).toMatchObject({ created: true })
  })
})

describe('a tenant', () => {
  const acme = (count: number) => plan(of(count), { tenant: 'acme' })

  it('may have so many jobs in line, and others are not concerned', async () => {
    await setQuota(client, keys, 'acme', { queued: 10 })
    await submit(acme(8), 'first')
    expect(await refusal(acme(3))).toMatchObject({ code: 'MILLRACE_TENANT_FULL', retryAfter: 30_000 })
    await submit(plan(of(50), { tenant: 'other' }))
    await submit(plan(of(50)))
    await cancelWorkflow(client, keys, 'first')
    expect(await submit(acme(10))).toMatchObject({ created: true })
    expect(await readTenants(client, keys)).toEqual([
      { name: 'acme', queued: 10, active: undefined, quota: { queued: 10, active: undefined } },
      { name: 'other', queued: 50, active: undefined, quota: {} },
    ])
    await setQuota(client, keys, 'acme', {})
    expect(await submit(acme(100))).toMatchObject({ created: true })
  })

  it('has nothing in line when all its jobs have ended, those that died and were skipped included', async () => {
    const room = await openRoom()
    room.failing.add('b')
    const jobs = [job('a'), job('b', ['a']), job('c', ['b']), job('d', ['a'])]
    await room.submit(plan(jobs, { tenant: 'acme' }), 'ends')
    await room.settled('ends')
    expect(await readTenants(room.client, room.keys)).toEqual([])
    await room.close()
  })
})

describe('a key of deduplication', () => {
  const keyed = (id: string, ttlMs: number, key = 'refund-1') =>
    ingest(client, keys, plan(of(1)), { id, dedup: { key, ttlMs } })

  it('makes a second submission the first workflow, until its time is over', async () => {
    expect(await keyed('one', 60_000)).toEqual({ id: 'one', created: true })
    expect(await keyed('two', 60_000)).toEqual({ id: 'one', created: false })
    expect(await keyed('three', 60_000, 'refund-2')).toEqual({ id: 'three', created: true })
    await client.pexpire(keys.dedup('refund-1'), 0)
    expect(await keyed('four', 60_000)).toEqual({ id: 'four', created: true })
  })

  it('lets one through of many who submit at once', async () => {
    const ends = await Promise.all(Array.from({ length: 20 }, (_, index) => keyed(`at-once-${index}`, 60_000)))
    expect(ends.filter(({ created }) => created)).toHaveLength(1)
    expect(new Set(ends.map(({ id }) => id)).size).toBe(1)
  })

  it('of a workflow that was removed counts no longer', async () => {
    await keyed('gone', 60_000)
    await cancelWorkflow(client, keys, 'gone')
    await purgeWorkflow(client, keys, 'gone', Date.now() + 1)
    expect(await keyed('next', 60_000)).toEqual({ id: 'next', created: true })
  })
})
