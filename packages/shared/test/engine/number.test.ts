import { Queue, UnrecoverableError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { engineBackend } from '../../src/engine/index.ts'
import {
  connectBroker,
  ingest,
  type JobData,
  type PoolKeys,
  parkJob,
  poolKeys,
  replayDeadLetter,
  spawnJobs,
} from '../../src/index.ts'
import { OFFSET_MS } from '../../src/scheduling/number.ts'
import { brokerUrl, freshNamespace, until } from '../../src/testing/index.ts'
import type { Plan, PlannedJob } from '../../src/workflow/plan.ts'
import type { Level } from '../../src/workflow/states.ts'
import { job, plan } from './room.ts'

let client: Redis
let keys: PoolKeys
/** The clock of those who submit, in ms; tests move it. */
let clock: number
beforeAll(async () => {
  client = await connectBroker({ url: brokerUrl(), role: 'worker' })
})
beforeEach(() => {
  keys = poolKeys(freshNamespace())
  clock = 1_800_000_000_000
})
afterAll(() => client.disconnect())

const submit = (id: string, jobs: readonly PlannedJob[], rest: Partial<Plan> = {}) =>
  ingest(client, keys, plan(jobs, rest), { id, now: () => clock })
const one = (id: string, priority: Level, rest: Partial<Plan> = {}) =>
  submit(id, [job('j', [], { priority })], { priority, ...rest })
const queued = () => client.zrange(keys.queue('default', 'prioritized'), '0', '-1')
const numberOf = async (id: string) => Number(await client.hget(keys.job('default', id), 'priority'))
/** The number by which the queue is ordered, which must be the one in the hash. */
const queuedNumberOf = async (id: string) =>
  Math.floor(Number(await client.zscore(keys.queue('default', 'prioritized'), id)) / 2 ** 32)

/** A worker that is driven by hand. */
function openHands() {
  const options = {
    ...{ prefix: keys.prefix, connection: client, autorun: false, name: 'hands', maxStalledCount: 1 },
    ...{ lockDuration: 10_000, stalledInterval: 1, skipStalledCheck: true },
    settings: { backoffStrategy: () => 1 },
  }
  const worker = new Worker<JobData>('default', null, options, engineBackend(keys))
  worker.on('error', () => {})
  const take = async (token = 't') => (await worker.getNextJob(token, { block: false }))!
  return { worker, take, [Symbol.asyncDispose]: () => worker.close(true) }
}

describe('the number of a job', () => {
  it.each([
    ['low', 'high'],
    ['normal', 'high'],
    ['background', 'critical'],
    ['high', 'critical'],
  ] as const)(
    'lets one that is %s run before one that is %s when it has waited longer than their offset',
    async (lower, higher) => {
      await one('before', lower)
      const start = clock
      clock = start + OFFSET_MS[lower] - OFFSET_MS[higher] - 1_000
      await one('not-yet', higher)
      clock = start + OFFSET_MS[lower] - OFFSET_MS[higher] + 1_000
      await one('now', higher)
      expect(await queued()).toEqual(['not-yet.j', 'before.j', 'now.j'])
    },
  )

  it('is never 0, and never beyond what BullMQ knows, whatever clocks say', async () => {
    await submit('first', [job('j', [], { priority: 'critical', type: 'security', complexity: 'meta' })], {
      priority: 'critical',
    })
    const start = clock
    clock = start - 40 * 86_400_000
    await one('early', 'high')
    clock = start + 400 * 86_400_000
    await one('late', 'background')
    expect(await numberOf('first.j')).toBeGreaterThan(1)
    expect(await numberOf('early.j')).toBe(1)
    expect(await numberOf('late.j')).toBe(2_097_151)
  })

  it('is not spoilt for others by one clock that is far ahead', async () => {
    await one('a', 'normal')
    clock += 400 * 86_400_000
    await one('ahead', 'normal')
    clock -= 400 * 86_400_000
    await one('b', 'normal')
    expect((await numberOf('b.j')) - (await numberOf('a.j'))).toBe(0)
  })

  it('is the same from all producers, whoever came first', async () => {
    await one('a', 'normal')
    clock += 10_000
    await one('b', 'normal')
    expect((await numberOf('b.j')) - (await numberOf('a.j'))).toBe(100)
  })

  it('takes a workflow of many steps as one: its jobs have one time of submission', async () => {
    const jobs = Array.from({ length: 250 }, (_, index) => job(`j${index}`))
    await submit('w', jobs)
    const numbers = await Promise.all(jobs.map(({ name }) => numberOf(`w.${name}`)))
    expect(numbers).toEqual(jobs.map((_, index) => numbers[0]! + index))
  })
})

describe('a job keeps its place', () => {
  /** What `id` competes with: submitted ten seconds before and after. */
  async function among(id: string, jobs: readonly PlannedJob[], rest: Partial<Plan> = {}) {
    await submit(id, jobs, rest)
    clock += 10_000
    await one('after', 'normal')
  }

  it('when its need succeeds', async () => {
    await among('w', [job('a'), job('b', ['a'])])
    await using hands = openHands()
    const taken = await hands.take()
    expect(taken.id).toBe('w.a')
    await taken.moveToCompleted(null, 't', false)
    expect(await queued()).toEqual(['w.b', 'after.j'])
  })

  it('when it is retried with a delay', async () => {
    await among('w', [job('a')])
    await using hands = openHands()
    const taken = await hands.take()
    const number = await numberOf('w.a')
    taken.opts.attempts = 3
    taken.opts.backoff = { type: 'custom' }
    await taken.moveToFailed(new Error('again'), 't')
    expect(await client.zscore(keys.queue('default', 'delayed'), 'w.a')).not.toBeNull()
    await until(async () => (await hands.take('u'))?.id === 'w.a')
    expect(await numberOf('w.a')).toBe(number)
  })

  it('when its delay is over', async () => {
    await among('w', [job('a', [], { delayMs: 60_000 })])
    await new Queue('default', { prefix: keys.prefix, connection: client })
      .getJob('w.a')
      .then((found) => found?.promote())
    expect(await queued()).toEqual(['w.a', 'after.j'])
  })

  it('when it is handed back', async () => {
    await among('w', [job('a')])
    await using hands = openHands()
    await (await hands.take()).moveToWait('t')
    expect(await queued()).toEqual(['w.a', 'after.j'])
    expect(await queuedNumberOf('w.a')).toBe(await numberOf('w.a'))
  })

  it('when it was parked', async () => {
    await among('w', [job('a')])
    await using hands = openHands()
    const number = await numberOf('w.a')
    await parkJob(client, keys, { job: await hands.take(), token: 't' }, { lot: 'x', delayMs: 60_000, why: 'because' })
    await new Queue('default', { prefix: keys.prefix, connection: client })
      .getJob('w.a')
      .then((found) => found?.promote())
    expect(await queued()).toEqual(['w.a', 'after.j'])
    expect(await queuedNumberOf('w.a')).toBe(number)
  })

  it('when its worker is gone: behind what is more urgent, where BullMQ would put it before everything', async () => {
    await submit('w', [job('a')])
    await using hands = openHands()
    await hands.take()
    await one('urgent', 'critical')
    await one('after', 'normal')
    await client.del(`${keys.job('default', 'w.a')}:lock`)
    const check = hands.worker as unknown as { backend: { moveStalledJobsToWait(): Promise<string[]> } }
    const stalled = await until(async () => {
      await client.del(keys.queue('default', 'stalled-check'))
      const found = await check.backend.moveStalledJobsToWait()
      return found.length > 0 ? found : undefined
    })
    expect(stalled).toEqual(['w.a'])
    expect(await queued()).toEqual(['urgent.j', 'w.a', 'after.j'])
    expect(await client.llen(keys.queue('default', 'wait'))).toBe(0)
  })

  it('when it is replayed, and so does what its failure had skipped', async () => {
    await among('w', [job('a'), job('b', ['a'])])
    await using hands = openHands()
    const number = await numberOf('w.b')
    const taken = await hands.take()
    await taken.moveToFailed(new UnrecoverableError('for good'), 't')
    expect(await replayDeadLetter(client, keys, 'default~w.a')).toBe('replayed')
    expect(await queued()).toEqual(['w.a', 'after.j'])
    await (await hands.take()).moveToCompleted(null, 't', false)
    expect(await queued()).toEqual(['w.b', 'after.j'])
    expect(await queuedNumberOf('w.b')).toBe(number)
  })

  it('and gives it to the jobs that it spawns, in their order', async () => {
    await among('w', [job('a'), job('b', ['a'])])
    await using hands = openHands()
    const spawner = { job: await hands.take(), token: 't' }
    clock += 60_000
    const spawned = ['x', 'y', 'z'].map((name) => job(`a.${name}`))
    await spawnJobs(client, keys, spawner, spawned, () => clock)
    expect(await queued()).toEqual(['w.a.x', 'w.a.y', 'w.a.z', 'after.j'])
    expect(await numberOf('w.a.z')).toBe(await numberOf('w.a'))
  })
})

describe('a workflow that runs late', () => {
  const hour = 3_600_000
  const jobs = (id: string) => [job(`${id}1`, [], { estimateMs: 1 }), job(`${id}2`, [`${id}1`], { estimateMs: hour })]

  it('has its jobs released as if it had been submitted so much earlier as it is late', async () => {
    clock = Date.now() - 5 * 60_000 // five minutes ago
    await submit('late', jobs('l'), { deadlineMs: hour })
    await submit('calm', jobs('c'), { deadlineMs: 2 * hour })
    const before = { late: await numberOf('late.l2'), calm: await numberOf('calm.c2') }
    await using hands = openHands()
    const taken = [await hands.take(), await hands.take()]
    for (const job of taken) await job.moveToCompleted(null, 't', false)
    expect(await numberOf('calm.c2')).toBe(before.calm)
    const gained = before.late - (await numberOf('late.l2'))
    expect(gained).toBeGreaterThanOrEqual(3_000)
    expect(gained).toBeLessThan(6_000)
    expect(await queuedNumberOf('late.l2')).toBe(before.late - gained)
  })
})
