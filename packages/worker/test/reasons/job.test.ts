import {
  closeBreaker,
  explainJob,
  explainQueue,
  explainWorkflow,
  type JobReasons,
  openBreaker,
  pause,
  resume,
  setCapacity,
  setQuota,
} from '@millrace/shared'
import { until } from '@millrace/shared/testing'
import { Queue } from 'bullmq'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineResource, defineTask, TaskError } from '../../src/index.ts'
import { job, openRoom, type Room } from '../room.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

const why = async (id: string, name: string) => (await explainJob(room.client, room.keys, id, name)) as JobReasons
const codes = async (id: string, name: string) => (await why(id, name)).reasons.map(({ code }) => code)
const reason = async (id: string, name: string, code: string) =>
  await until(async () => (await why(id, name)).reasons.find((one) => one.code === code))

/** A task whose attempts last until they are let go. */
function gated(name: string, options: object = {}) {
  const held = Promise.withResolvers<void>()
  const task = defineTask({ name, ...options }, async (_, { progress }) => {
    await progress(0)
    await held.promise
  })
  return { task, release: () => held.resolve() }
}

describe('why a job does not run', () => {
  it('names the needs that are open with their states, until they have ended', async () => {
    const { task, release } = gated('hold')
    await room.start([task])
    const id = await room.submit(job('a', 'hold'), job('b', 'hold', { needs: ['a'] }))
    await room.begun(id, 'a')
    expect(await reason(id, 'b', 'needs-open')).toMatchObject({
      text: 'It waits for 1 need: a (active).',
      data: { open: 1, needs: [{ job: 'a', state: 'active' }] },
    })
    const active = await why(id, 'a')
    expect(active.reasons).toMatchObject([{ code: 'active', data: { attempt: 1 } }])
    release()
    await room.ended(id)
    expect(await codes(id, 'b')).toEqual(['succeeded'])
  })

  it('tells a dead need that the workflow holds for, and how it is replayed', async () => {
    const task = defineTask({ name: 'fail', retry: 1 }, () => {
      throw new Error('no')
    })
    await room.start([task])
    const id = await room.submitAs({ onFailure: 'hold' }, job('a', 'fail'), job('b', 'fail', { needs: ['a'] }))
    expect(await reason(id, 'b', 'need-dead')).toMatchObject({ help: `millrace dlq replay --workflow ${id}` })
    expect((await why(id, 'a')).reasons).toMatchObject([{ code: 'dead', data: { letter: `default~${id}.a` } }])
    expect(await explainWorkflow(room.client, room.keys, id)).toMatchObject({
      reasons: [
        { code: 'need-dead', data: { dead: 1, waiting: 1, jobs: [{ job: 'a', code: 'MILLRACE_TASK_FAILED' }] } },
      ],
    })
  })

  it('tells a delay and when it ends', async () => {
    const id = await room.submit(job('a', 'later', { delayMs: 60_000 }))
    const { reasons, start } = await why(id, 'a')
    const delayed = reasons.find(({ code }) => code === 'delayed')
    expect(delayed?.until).toBeGreaterThan(Date.now() + 50_000)
    expect(start?.at).toBeUndefined() // nobody has the task
    await room.start([defineTask({ name: 'later' }, () => null)])
    expect((await why(id, 'a')).start?.at).toBe(delayed?.until)
  })

  it('tells that it failed and when it is tried again', async () => {
    const task = defineTask({ name: 'flaky', retry: { attempts: 2, delay: '1m' } }, () => {
      throw new Error('no answer')
    })
    await room.start([task])
    const id = await room.submit(job('a', 'flaky'))
    expect(await reason(id, 'a', 'retry')).toMatchObject({ data: { failed: 1, error: 'MILLRACE_TASK_FAILED' } })
  })

  it('tells that its handler wanted to wait', async () => {
    const task = defineTask({ name: 'shy', errors: [{ code: 'LATER', verdict: 'delay', delay: '1m' }] }, () => {
      throw new TaskError('LATER', 'not now')
    })
    await room.start([task])
    const id = await room.submit(job('a', 'shy'))
    expect((await reason(id, 'a', 'postponed')).text).toContain('not now')
  })

  it('tells a paused task, whether the job came up or not, until it is resumed', async () => {
    await room.start([defineTask({ name: 'mail' }, () => null)])
    await pause(room.client, room.keys, 'task', 'mail')
    const id = await room.submit(job('a', 'mail'), job('b', 'mail', { needs: ['a'] }))
    await until(async () => (await why(id, 'a')).state === 'delayed')
    expect(await codes(id, 'a')).toEqual(['task-paused'])
    expect(await codes(id, 'b')).toEqual(['needs-open', 'task-paused'])
    await resume(room.client, room.keys, 'task', 'mail')
    await room.ended(id)
    expect(await codes(id, 'a')).toEqual(['succeeded'])
  })

  it('tells that what it was put aside for is over, while nobody has called it back', async () => {
    const worker = await room.start([defineTask({ name: 'mail' }, () => null)])
    await pause(room.client, room.keys, 'task', 'mail')
    const id = await room.submit(job('a', 'mail'))
    await until(async () => (await why(id, 'a')).state === 'delayed')
    await worker.close()
    await room.client.hdel(room.keys.pauses, 'task/mail') // as who resumes and is killed leaves it
    expect(await codes(id, 'a')).toEqual(['coming-back', 'no-worker'])
    await room.start([defineTask({ name: 'mail' }, () => null)])
    await resume(room.client, room.keys, 'task', 'mail')
    await room.ended(id)
  })

  it('tells that its workflow is still being written', async () => {
    const id = await room.submit(job('a', 'later', { delayMs: 60_000 }))
    await room.client.hset(room.keys.workflow(id), 'state', 'loading') // between two of its steps
    expect(await codes(id, 'a')).toEqual(['delayed', 'workflow-loading', 'no-worker'])
    expect(await explainWorkflow(room.client, room.keys, id)).toMatchObject({ reasons: [{ code: 'workflow-loading' }] })
    await room.client.hset(room.keys.workflow(id), 'state', 'running')
    expect(await codes(id, 'a')).toEqual(['delayed', 'no-worker'])
  })

  it('tells a queue that takes nothing more in', async () => {
    await setCapacity(room.client, room.keys, 'default', 1)
    await room.start([defineTask({ name: 'later' }, () => null)])
    await room.submit(job('a', 'later', { delayMs: 60_000 }))
    const look = () => explainQueue(room.client, room.keys, 'default')
    expect(await look()).toMatchObject({ reasons: [{ code: 'queue-full', data: { used: 1, capacity: 1 } }] })
    await setCapacity(room.client, room.keys, 'default', 10)
    expect(await look()).toMatchObject({ reasons: [{ code: 'queue-empty' }], delayed: 1 })
  })

  it('tells a paused workflow, and groups its jobs by it', async () => {
    await room.start([defineTask({ name: 'mail' }, () => null)])
    const id = await room.submit(job('a', 'mail', { delayMs: 200 }), job('b', 'mail', { delayMs: 200 }))
    await pause(room.client, room.keys, 'workflow', id)
    await until(async () => (await codes(id, 'a'))[0] === 'workflow-paused')
    await until(async () => {
      const found = await explainWorkflow(room.client, room.keys, id)
      return found?.frontier[0]?.jobs === 2 && found.frontier[0].reason.code === 'workflow-paused'
    })
    await resume(room.client, room.keys, 'workflow', id)
    await room.ended(id)
  })

  it('tells a paused queue until it is resumed', async () => {
    await room.start([defineTask({ name: 'mail' }, () => null)])
    const queue = new Queue('default', { connection: room.client, prefix: room.keys.prefix, skipVersionCheck: true })
    await queue.pause()
    const id = await room.submit(job('a', 'mail'))
    expect(await codes(id, 'a')).toEqual(['queue-paused'])
    expect(await explainQueue(room.client, room.keys, 'default')).toMatchObject({
      paused: true,
      reasons: [{ code: 'queue-paused' }],
    })
    await queue.resume()
    await room.ended(id)
    expect(await codes(id, 'a')).toEqual(['succeeded'])
    await queue.close()
  })

  it('tells the jobs that it spawned', async () => {
    const { task, release } = gated('leaf')
    const spawns = defineTask({ name: 'spawns' }, async (_, ctx) => {
      await ctx.spawn({ leaf: { task: 'leaf' } })
    })
    await room.start([task, spawns])
    const id = await room.submit(job('a', 'spawns'))
    expect(await reason(id, 'a', 'spawned-open')).toMatchObject({ data: { open: 1 } })
    release()
    await room.ended(id)
    expect(await codes(id, 'a')).toEqual(['succeeded'])
  })

  it('tells that the workers take nothing while memory is short', async () => {
    const { task, release } = gated('hold')
    await room.start([task], { concurrency: 1, memoryHigh: 0.0001 })
    const id = await room.submit(job('a', 'hold'), job('b', 'hold'))
    await until(async () => {
      const found = await Promise.all([codes(id, 'a'), codes(id, 'b')])
      return found.some((codes) => codes.includes('workers-short-of-memory'))
    })
    release()
  })

  it('tells that it is left to another worker, since its task fails on one', async () => {
    const work = (fails: boolean) =>
      defineTask({ name: 'post', retry: { attempts: 50, delay: 1 } }, () => {
        if (fails) throw new Error('no key')
      })
    const { task, release } = gated('hold')
    await room.start([work(false), task], { concurrency: 1, name: 'good' })
    await room.ended(await room.submit(job('a', 'post')))
    const holder = await room.submit(job('h', 'hold'))
    await room.begun(holder, 'h')
    await room.start([work(true)], { concurrency: 2, name: 'bad' })
    const id = await room.submit(...['p', 'q', 'r'].map((name) => job(name, 'post')))
    await until(async () => {
      const found = await Promise.all(['p', 'q', 'r'].map((name) => why(id, name)))
      return found.some(({ reasons }) => reasons[0]?.code === 'worker-unhealthy' && reasons[0].about === 'task post')
    })
    release()
    expect(Object.values(await room.ended(id)).every(({ state }) => state === 'succeeded')).toBe(true)
  })

  it('tells an open breaker, and when it is probed, until it is closed', async () => {
    const task = defineTask({ name: 'pay', uses: ['stripe'] }, () => null)
    await room.start([task], { resources: [defineResource('stripe', {})] })
    const opening = { name: 'stripe', openings: 1, halfOpenInMs: 600_000, by: 'operator', why: 'maintenance' }
    await openBreaker(room.client, room.keys, opening, 'hand')
    const id = await room.submit(job('a', 'pay'), job('b', 'pay', { needs: ['a'] }))
    await until(async () => (await why(id, 'a')).state === 'delayed')
    expect(await codes(id, 'a')).toEqual(['breaker-open'])
    expect(await codes(id, 'b')).toEqual(['needs-open', 'breaker-open']) // by what the task announces
    const found = await reason(id, 'a', 'breaker-open')
    expect(found).toMatchObject({ about: 'resource stripe', data: { by: 'operator', why: 'maintenance' } })
    expect(found.until).toBeGreaterThan(Date.now() + 500_000)
    expect(await explainQueue(room.client, room.keys, 'default')).toMatchObject({
      parked: [{ lot: 'breaker/stripe', jobs: 1 }],
      reasons: [{ code: 'breaker-open', about: 'resource stripe' }],
    })
    await closeBreaker(room.client, room.keys, 'stripe', 'hand')
    await until(async () => !(await codes(id, 'a')).includes('breaker-open'))
  })

  it('tells a full bulkhead', async () => {
    const { task, release } = gated('pay', { uses: ['stripe'] })
    await room.start([task], { concurrency: 4, resources: [defineResource('stripe', { bulkhead: { limit: 1 } })] })
    const id = await room.submit(job('a', 'pay'), job('b', 'pay'))
    const parked = await until(async () => {
      const found = await Promise.all([why(id, 'a'), why(id, 'b')])
      return found.find(({ reasons }) => reasons[0]?.code === 'bulkhead-full')
    })
    expect(parked.reasons[0]).toMatchObject({ about: 'resource stripe', text: expect.stringContaining('1 at once') })
    release()
    await room.ended(id)
    expect(await codes(id, parked.job)).toEqual(['succeeded'])
  })

  it('tells the limit of its task and that of its tenant, and how much of them is used', async () => {
    const { task, release } = gated('heavy', { concurrency: 1 })
    await room.start([task], { concurrency: 4 })
    const id = await room.submit(job('a', 'heavy'), job('b', 'heavy'))
    const full = await until(async () => {
      const found = await Promise.all([why(id, 'a'), why(id, 'b')])
      return found.map(({ reasons }) => reasons[0]).find((one) => one?.code === 'concurrency-full')
    })
    expect(full).toMatchObject({ about: 'task heavy', data: { used: 1, most: 1, parked: 1 } })
    expect((await explainQueue(room.client, room.keys, 'default'))?.limits).toEqual([
      { about: 'task heavy', slots: { used: 1, most: 1 }, parked: 1 },
    ])
    release()
    await room.ended(id)
  })

  it('tells the quota of its tenant', async () => {
    const { task, release } = gated('hold')
    await setQuota(room.client, room.keys, 'acme', { active: 1 })
    await room.start([task], { concurrency: 4 })
    const id = await room.submitAs({ tenant: 'acme' }, job('a', 'hold'), job('b', 'hold'))
    await until(async () => {
      const found = await Promise.all([why(id, 'a'), why(id, 'b')])
      return found.some(({ reasons }) => reasons[0]?.code === 'tenant-full' && reasons[0].about === 'tenant acme')
    })
    release()
    await room.ended(id)
  })

  it('tells the rate of its task and when the next may begin', async () => {
    await room.start([defineTask({ name: 'call', limit: { max: 1, per: '1m' } }, () => null)])
    const id = await room.submit(job('a', 'call'), job('b', 'call', { needs: ['a'] }))
    const { until: at, data } = await reason(id, 'b', 'rate-reached')
    expect(data).toMatchObject({ begun: 1, max: 1, perMs: 60_000 })
    expect(at).toBeGreaterThan(Date.now() + 30_000)
    expect((await why(id, 'b')).start?.at).toBe(at)
  })

  it('tells that memory is reserved', async () => {
    const { task, release } = gated('large', { memory: '999999gb' }) // one always may
    await room.start([task], { concurrency: 4 })
    const id = await room.submit(job('a', 'large'), job('b', 'large'))
    await until(async () => {
      const found = await Promise.all([why(id, 'a'), why(id, 'b')])
      return found.some(({ reasons }) => reasons[0]?.code === 'memory-reserved')
    })
    release()
    await room.ended(id)
  })

  it('tells an equal job that is at work', async () => {
    const { task, release } = gated('slow', { cache: { ttl: '1h' } })
    await room.start([task], { concurrency: 4 })
    const id = await room.submit(job('a', 'slow'), job('b', 'slow'))
    await until(async () => {
      const found = await Promise.all([why(id, 'a'), why(id, 'b')])
      return found.some(({ reasons }) => reasons[0]?.code === 'cache-awaited')
    })
    release()
    await room.ended(id)
  })

  it('tells that no worker is there, none has its task, or none takes from its queue', async () => {
    const id = await room.submit(
      job('a', 'mail', { delayMs: 60_000 }),
      job('b', 'other', { queue: 'far', delayMs: 60_000 }),
    )
    expect(await codes(id, 'a')).toEqual(['delayed', 'no-worker'])
    const worker = await room.start([defineTask({ name: 'other' }, () => null)])
    expect(await codes(id, 'a')).toEqual(['delayed', 'task-absent'])
    expect((await reason(id, 'b', 'no-worker')).text).toContain('listens elsewhere')
    await room.start([defineTask({ name: 'mail' }, () => null)])
    expect(await codes(id, 'a')).toEqual(['delayed'])
    await worker.close()
  })

  it('counts what goes first by level, tells that all slots are taken, and reckons the start', async () => {
    const { task, release } = gated('hold')
    await room.start([task], { concurrency: 1 })
    const first = await room.submit(job('a', 'hold'))
    await room.begun(first, 'a')
    const id = await room.submit(
      ...['h1', 'h2'].map((name) => job(name, 'hold', { priority: 'high' })),
      ...['n1', 'n2', 'n3'].map((name) => job(name, 'hold')),
      job('l', 'hold', { priority: 'low' }),
    )
    const { reasons, start } = await why(id, 'l')
    expect(reasons).toMatchObject([
      { code: 'behind-others', data: { ahead: 5, levels: { high: 2, normal: 3, low: 0 } } },
      { code: 'workers-full', data: { slots: 1 } },
    ])
    expect(start).toMatchObject({ at: undefined, how: expect.stringMatching(/^Unknown: no attempt .* measured/) })
    const queue = await explainQueue(room.client, room.keys, 'default')
    expect(queue).toMatchObject({
      queued: 6,
      levels: { high: 2, normal: 3, low: 1 },
      reasons: [{ code: 'workers-full' }],
    })
    expect(queue?.oldestSince).toBeGreaterThan(Date.now() - 60_000)
    release()
    await room.ended(id)
  })

  it('reckons the start by how long attempts were measured to take', async () => {
    const { task, release } = gated('hold')
    const quick = defineTask({ name: 'quick' }, () => null)
    await room.start([task, quick], { concurrency: 1 })
    await room.ended(await room.submit(job('a', 'quick')))
    await until(async () => await room.client.hexists(room.keys.estimates, 'quick'))
    const holder = await room.submit(job('a', 'hold'))
    await room.begun(holder, 'a')
    const id = await room.submit(job('a', 'quick'), job('b', 'quick'))
    const found = await Promise.all([why(id, 'a'), why(id, 'b')])
    for (const { start } of found) {
      expect(start?.at).toBeGreaterThan(Date.now() - 10_000)
      expect(start?.how).toMatch(/ahead, of about \d.* each \(the medians of their tasks\), on 1 slot/)
    }
    release()
    await room.ended(id)
  })

  it('is answered by undefined when there is none', async () => {
    expect(await explainJob(room.client, room.keys, 'nobody', 'x')).toBeUndefined()
    expect(await explainWorkflow(room.client, room.keys, 'nobody')).toBeUndefined()
    expect(await explainQueue(room.client, room.keys, 'nowhere')).toBeUndefined()
    expect(await explainQueue(room.client, room.keys, 'dead-letters')).toBeUndefined()
  })
})
