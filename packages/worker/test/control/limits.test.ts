import { setTimeout as sleep } from 'node:timers/promises'
import { ingest, type JobView, readLots, readTenants, setQuota, sweepOnce } from '@millrace/shared'
import { until } from '@millrace/shared/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineTask } from '../../src/index.ts'
import { joinPool } from '../cli/process.ts'
import { job, openRoom, type Room } from '../room.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

const many = (count: number, task: string) => Array.from({ length: count }, (_, index) => job(`j${index}`, task))
const succeeded = (jobs: Record<string, JobView>) => Object.values(jobs).filter(({ state }) => state === 'succeeded')

describe('a task with a limit', () => {
  it('begins no more often than that on all workers together, spends no attempt, and loses nothing', async () => {
    const begun: number[] = []
    const attempts = new Set<number>()
    const task = defineTask({ name: 'call', limit: { max: 5, per: '300ms' } }, (_, { attempt }) => {
      begun.push(performance.now())
      attempts.add(attempt)
    })
    await Promise.all([room.start([task]), room.start([task]), room.start([task])])
    const submitted = performance.now()
    const id = await room.submit(...many(25, 'call'))
    expect(succeeded(await room.ended(id))).toHaveLength(25)
    // four times 5 came before the last: a busy machine may take longer, never less
    expect(Math.max(...begun) - submitted).toBeGreaterThanOrEqual(4 * 300)
    expect([...attempts]).toEqual([1])
  })

  it('lets the most urgent begin first', async () => {
    const begun: string[] = []
    const task = defineTask(
      { name: 'call', limit: { max: 1, per: '200ms' } },
      (_, { job }) => void begun.push(job.name),
    )
    const low = await room.submit(...['l1', 'l2', 'l3'].map((name) => job(name, 'call', { priority: 'low' })))
    await room.start([task])
    await until(async () => (await readLots(room.client, room.keys))[0]?.jobs === 2)
    const high = await room.submit(job('h', 'call', { priority: 'high' }))
    await Promise.all([room.ended(low), room.ended(high)])
    expect(begun[1]).toBe('h')
  })
})

describe('a task with a concurrency', () => {
  it('runs no more often at once than that on all workers together, and uses all of it', async () => {
    let [running, most] = [0, 0]
    const task = defineTask({ name: 'heavy', concurrency: 3 }, async () => {
      most = Math.max(most, ++running)
      await sleep(10)
      running--
    })
    await Promise.all([room.start([task]), room.start([task]), room.start([task])])
    const id = await room.submit(...many(60, 'heavy'))
    expect(succeeded(await room.ended(id))).toHaveLength(60)
    expect(most).toBe(3)
    expect(await readLots(room.client, room.keys)).toEqual([])
  })

  it('lets other tasks of the worker go on while its own jobs wait', async () => {
    let letGo = () => {}
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const heavy = defineTask({ name: 'heavy', concurrency: 1 }, () => held)
    const light = defineTask({ name: 'light' }, () => null)
    await room.start([heavy, light], { concurrency: 2 })
    const id = await room.submit(...many(10, 'heavy'))
    await until(async () => (await readLots(room.client, room.keys))[0]?.jobs === 9)
    await room.ended(await room.submit(...many(10, 'light')))
    letGo()
    expect(succeeded(await room.ended(id))).toHaveLength(10)
  })

  it('gives the place of a failed attempt and of a cancelled one to the next', async () => {
    const task = defineTask({ name: 'heavy', concurrency: 1, retry: 1 }, (_, { job }) => {
      if (job.name === 'j0') throw new Error('no')
    })
    await room.start([task])
    const { j0, j1, j2 } = await room.ended(await room.submit(...many(3, 'heavy')))
    expect([j0?.state, j1?.state, j2?.state]).toEqual(['dead', 'succeeded', 'succeeded'])
  })

  it('gets the places of a worker back that was killed with kill -9', async () => {
    const env = { MILLRACE_LOCK: '1s', MILLRACE_STALLED_EVERY: '500ms' }
    const child = joinPool(room, env)
    await child.said('ready')
    const id = await room.submit(job('a', 'guarded'), job('b', 'guarded'))
    await until(async () => (await room.client.hlen(room.keys.used('slots/guarded'))) === 1)
    await until(async () => (await readLots(room.client, room.keys))[0]?.jobs === 1)
    child.child.kill('SIGKILL')
    await child.exited
    const options = { client: room.client, keys: room.keys, log: { warn: () => {}, error: () => {} } }
    expect(await sweepOnce(options)).toMatchObject({ called: 0 }) // its lock still counts
    await until(async () => (await sweepOnce(options)).called === 1)
    const quick = defineTask({ name: 'guarded', concurrency: 1 }, () => null)
    await room.start([quick], { lockMs: 1_000, stalledEveryMs: 200 })
    expect(succeeded(await room.ended(id))).toHaveLength(2)
  })
})

describe('a tenant with a quota of active jobs', () => {
  it('runs no more at once, whatever the tasks, while others go on; without the quota all run', async () => {
    let [running, most, letGo] = [0, 0, () => {}]
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const work = async () => {
      most = Math.max(most, ++running)
      await held
      running--
    }
    await setQuota(room.client, room.keys, 'acme', { active: 2 })
    await room.start([
      defineTask({ name: 'a' }, work),
      defineTask({ name: 'b' }, work),
      defineTask({ name: 'c' }, () => null),
    ])
    const jobs = [...many(4, 'a'), job('b0', 'b'), job('b1', 'b')]
    const plan = {
      name: 'acme',
      priority: 'normal',
      onFailure: 'skip',
      tenant: 'acme',
      deadlineMs: undefined,
      inputs: {},
      jobs,
    } as const
    await ingest(room.client, room.keys, plan, { id: 'acme' })
    await until(async () => (await readLots(room.client, room.keys))[0]?.jobs === 4)
    expect(most).toBe(2)
    expect(await readTenants(room.client, room.keys)).toMatchObject([{ name: 'acme', queued: 4, active: 2 }])
    await room.ended(await room.submit(job('c', 'c')))
    await setQuota(room.client, room.keys, 'acme', {})
    await until(() => most === 6)
    letGo()
    expect(succeeded(await room.ended('acme'))).toHaveLength(6)
  })
})
