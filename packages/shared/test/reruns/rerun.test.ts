import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JobData } from '../../src/index.ts'
import {
  cancelWorkflow,
  planRerun,
  purgeWorkflow,
  readNeeds,
  readView,
  reconcile,
  replayDeadLetter,
  setCapacity,
  startRerun,
  sweepOnce,
} from '../../src/index.ts'
import { dyingAfter } from '../engine/dying.ts'
import { job, openRoom, plan, type Room } from '../engine/room.ts'

/** What every handler adds to its output: another one in the second run. */
let night: number
let room: Room
beforeEach(async () => {
  night = 1
  room = await openRoom({
    handler: async ({ data }) => ({ ...(await needsOf(data)), [data.job]: night }),
  })
})
afterEach(() => room.close())

/** Outputs of all needs as one object: who ran before, and in which night. */
async function needsOf(data: JobData): Promise<object> {
  const needs = await readNeeds(room.client, room.keys, data)
  return Object.assign({}, ...Object.values(needs))
}

const rerun = async (id: string, from: string, newId = `${id}-again`) =>
  await startRerun(room.client, room.keys, await planRerun(room.client, room.keys, id, from), { id: newId })

const outputsOf = async (id: string) => {
  const view = await readView(room.client, room.keys, id)
  return Object.fromEntries((view?.jobList ?? []).map(({ name, output }) => [name, output]))
}

const diamond = plan([job('a'), job('b', ['a']), job('c', ['a']), job('d', ['b', 'c'])])

describe('a rerun', () => {
  it('is a workflow of its own, whose jobs find the outputs of those that are kept', async () => {
    await room.settled(await room.submit(diamond, 'one'))
    night = 2
    room.started.length = 0
    expect(await rerun('one', 'b')).toEqual({ id: 'one-again', created: true })
    expect(await room.settled('one-again')).toMatchObject({
      state: 'succeeded',
      jobs: { total: 4, succeeded: 4 },
      rerunOf: { id: 'one', from: 'b' },
    })
    expect(room.started).toEqual(['b', 'd'])
    expect(await outputsOf('one-again')).toEqual({
      a: { a: 1 },
      b: { a: 1, b: 2 },
      c: { a: 1, c: 1 },
      d: { a: 1, b: 2, c: 1, d: 2 },
    })
    expect((await outputsOf('one'))['d']).toEqual({ a: 1, b: 1, c: 1, d: 1 })
    const { reruns } = await room.settled('one')
    expect(reruns).toEqual(['one-again'])
    const view = await readView(room.client, room.keys, 'one-again')
    expect(view?.jobList.map(({ name, carriedFrom }) => [name, carriedFrom])).toEqual([
      ['a', 'one'],
      ['c', 'one'],
      ['b', undefined],
      ['d', undefined],
    ])
  })

  it('is the same rerun when it is asked for twice with the same id', async () => {
    await room.settled(await room.submit(diamond, 'one'))
    await rerun('one', 'b')
    expect(await rerun('one', 'b')).toEqual({ id: 'one-again', created: false })
    await expect(rerun('one', 'a')).rejects.toMatchObject({ code: 'MILLRACE_WORKFLOW_CONFLICT' })
  })

  it('can be run again itself, when its source is gone', async () => {
    await room.settled(await room.submit(diamond, 'one'))
    night = 2
    await rerun('one', 'b')
    await room.settled('one-again')
    await purgeWorkflow(room.client, room.keys, 'one', Number.MAX_SAFE_INTEGER)
    night = 3
    await rerun('one-again', 'd', 'third')
    expect(await room.settled('third')).toMatchObject({ state: 'succeeded', rerunOf: { id: 'one-again', from: 'd' } })
    expect((await outputsOf('third'))['d']).toEqual({ a: 1, b: 2, c: 1, d: 3 })
    const view = await readView(room.client, room.keys, 'third')
    expect(view?.jobList.map(({ name, carriedFrom }) => [name, carriedFrom])).toEqual([
      ['a', 'one'],
      ['c', 'one'],
      ['b', 'one-again'],
      ['d', undefined],
    ])
  })

  it('buries what dies in it, and comes back whole by a replay', async () => {
    await room.settled(await room.submit(diamond, 'one'))
    room.failing.add('b')
    await rerun('one', 'b')
    expect(await room.settled('one-again')).toMatchObject({
      state: 'failed',
      jobs: { succeeded: 2, dead: 1, skipped: 1 },
    })
    room.failing.clear()
    expect(await replayDeadLetter(room.client, room.keys, 'default~one-again.b')).toBe('replayed')
    expect(await room.settled('one-again')).toMatchObject({ state: 'succeeded', jobs: { succeeded: 4 } })
    expect((await outputsOf('one-again'))['d']).toEqual({ a: 1, b: 1, c: 1, d: 1 })
  })

  it('has the tenant, the failure policy, the triggers, the inputs and the time until the deadline of its source', async () => {
    const jobs = [
      job('a', [], { with: { day: 'monday' } }),
      job('b', ['a'], { with: { of: '${{ needs.a.output.a }}' }, retry: { attempts: 1 }, timeoutMs: 7_000 }),
      job('c', ['b'], { when: 'always', delayMs: 50 }),
      job('d', ['b'], { when: 'failed' }),
    ]
    const rest = { tenant: 'acme', onFailure: 'hold', deadlineMs: 60_000, inputs: { day: 'monday' } } as const
    await room.settled(await room.submit(plan(jobs, rest), 'one'))
    const before = Date.now()
    await rerun('one', 'b')
    const ended = await room.settled('one-again')
    expect(ended).toMatchObject({ state: 'succeeded', onFailure: 'hold', jobs: { total: 4, succeeded: 3, skipped: 1 } })
    const [tenant, inputs, deadlineAt] = await room.client.hmget(
      room.keys.workflow('one-again'),
      ...['tenant', 'inputs', 'deadlineAt'],
    )
    expect([tenant, inputs]).toEqual(['acme', '{"day":"monday"}'])
    expect(Number(deadlineAt) - 60_000).toBeGreaterThanOrEqual(before)
    const records = (id: string) =>
      Promise.all(jobs.map(({ name }) => room.client.hget(room.keys.job('default', `${id}.${name}`), 'data')))
    const [old, anew] = await Promise.all([records('one'), records('one-again')])
    expect(anew.map((data) => data?.replace('one-again', 'one'))).toEqual(old)
    expect(await room.client.hget(room.keys.open, 'acme')).toBeNull()
  })

  it('needs room in the queues for what runs again, and for no more', async () => {
    await room.settled(await room.submit(diamond, 'one'))
    await setCapacity(room.client, room.keys, 'default', 2)
    expect(await rerun('one', 'b')).toMatchObject({ created: true })
    await room.settled('one-again')
    await expect(rerun('one', 'a', 'third')).rejects.toMatchObject({ code: 'MILLRACE_QUEUE_FULL' })
    expect(await room.client.keys(`${room.keys.prefix}*third*`)).toEqual([])
  })

  it('keeps what its jobs had shared', async () => {
    await room.settled(await room.submit(diamond, 'one'))
    await room.client.hset(room.keys.context('one'), 'key/seen', '7')
    await rerun('one', 'd')
    expect(await room.client.hget(room.keys.context('one-again'), 'key/seen')).toBe('7')
  })

  it('takes part of a workflow that failed or was cancelled', async () => {
    room.failing.add('x')
    await room.submit(plan([...diamond.jobs, job('x'), job('y', ['x'])]), 'failed')
    await room.settled('failed')
    const { choice } = await planRerun(room.client, room.keys, 'failed', 'c')
    expect(choice).toEqual({
      again: ['c', 'd'],
      carried: ['a', 'b'],
      left: [
        { name: 'x', state: 'dead' },
        { name: 'y', state: 'skipped' },
      ],
    })
    await rerun('failed', 'c')
    expect(await room.settled('failed-again')).toMatchObject({ state: 'succeeded', jobs: { total: 4 } })
    await room.submit(plan([job('a'), job('late', ['a'], { delayMs: 60_000 })]), 'cut')
    await expect(rerun('cut', 'late')).rejects.toThrow('it has not ended yet')
    await expect.poll(async () => (await outputsOf('cut'))['a']).toBeDefined()
    await cancelWorkflow(room.client, room.keys, 'cut')
    await rerun('cut', 'late')
    expect(await room.settled('cut-again')).toMatchObject({ state: 'succeeded' })
  })

  it('is refused while its source runs, is held, or does not exist', async () => {
    room.failing.add('b')
    await room.settled(await room.submit(plan(diamond.jobs, { onFailure: 'hold' }), 'held'))
    await expect(rerun('held', 'a')).rejects.toThrow('it is held')
    await expect(rerun('nothing', 'a')).rejects.toMatchObject({ code: 'MILLRACE_WORKFLOW_NOT_FOUND' })
  })

  it('is refused when its source was retried or removed since it was looked at, and leaves nothing behind', async () => {
    room.failing.add('d')
    await room.settled(await room.submit(diamond, 'one'))
    const [first, second] = [
      await planRerun(room.client, room.keys, 'one', 'b'),
      await planRerun(room.client, room.keys, 'one', 'c'),
    ]
    await replayDeadLetter(room.client, room.keys, 'default~one.d')
    await room.settled('one')
    const changed = { code: 'MILLRACE_RERUN_REFUSED', message: expect.stringContaining('has changed') }
    await expect(startRerun(room.client, room.keys, first, { id: 'late' })).rejects.toMatchObject(changed)
    await purgeWorkflow(room.client, room.keys, 'one', Number.MAX_SAFE_INTEGER)
    await expect(startRerun(room.client, room.keys, second, { id: 'late' })).rejects.toMatchObject(changed)
    expect(await room.client.keys(`${room.keys.prefix}*late*`)).toEqual([])
  })

  it('is refused when a job that it keeps is gone, and leaves nothing behind of what it had written by then', async () => {
    const wide = Array.from({ length: 500 }, (_, i) => job(`w${i}`, ['root']))
    await room.settled(await room.submit(plan([job('root'), ...wide, job('last', ['w0'])]), 'wide'))
    const planned = await planRerun(room.client, room.keys, 'wide', 'last')
    await room.client.del(room.keys.job('default', 'wide.root'))
    const refused = startRerun(room.client, room.keys, planned, { id: 'half' })
    await expect(refused).rejects.toMatchObject({ code: 'MILLRACE_RERUN_REFUSED' })
    expect(await room.client.keys(`${room.keys.prefix}*half*`)).toEqual([])
  })

  it('that is killed while it is written never runs, and is removed or written anew', async () => {
    const wide = Array.from({ length: 700 }, (_, i) => job(`w${i}`, ['root']))
    const jobs = [
      job('root'),
      ...wide,
      job(
        'last',
        wide.slice(0, 300).map(({ name }) => name),
      ),
    ]
    await room.settled(await room.submit(plan(jobs), 'wide'))
    const planned = await planRerun(room.client, room.keys, 'wide', 'last')
    room.started.length = 0
    const dying = () => startRerun(dyingAfter(room.client, 2), room.keys, planned, { id: 'half' })
    await expect(dying()).rejects.toThrow('killed')
    expect(await readView(room.client, room.keys, 'half')).toMatchObject({ state: 'loading' })
    expect((await readView(room.client, room.keys, 'wide'))?.reruns).toBeUndefined()
    const log = { warn: () => {}, error: () => {} }
    await sweepOnce({ client: room.client, keys: room.keys, log }, Date.now() + 61_000)
    expect(await room.client.keys(`${room.keys.prefix}*half*`)).toEqual([])
    await expect(dying()).rejects.toThrow('killed')
    expect(room.started).toEqual([])
    await startRerun(room.client, room.keys, planned, { id: 'half' })
    expect(await room.settled('half')).toMatchObject({ state: 'succeeded', jobs: { total: 702, succeeded: 702 } })
    expect(room.started).toEqual(['last'])
  })

  it('of any DAG runs exactly what depends on the job, and ends with the outputs of a run from the start', async () => {
    const dags = fc
      .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
      .map((nodes) =>
        nodes.map((needs, i) => job(`j${i}`, i === 0 ? [] : [...new Set(needs.map((need) => `j${need % i}`))])),
      )
    let n = 0
    await fc.assert(
      fc.asyncProperty(dags, fc.nat(), async (jobs, pick) => {
        const id = `dag${n++}`
        night = 1
        await room.settled(await room.submit(plan(jobs), id))
        const undisturbed = await outputsOf(id)
        room.started.length = 0
        room.early.length = 0
        const from = `j${pick % jobs.length}`
        const after = new Set([from])
        for (const { name, needs } of jobs) if (needs.some((need) => after.has(need))) after.add(name)
        night = 2
        await rerun(id, from)
        await room.settled(`${id}-again`)
        expect(room.started.toSorted()).toEqual([...after].toSorted())
        expect(room.early).toEqual([])
        const again = Object.entries(await outputsOf(`${id}-again`))
        expect(again.length).toBe(jobs.length)
        for (const [name, output] of again) {
          const nights = Object.keys(undisturbed[name] as object).map((who) => [who, after.has(who) ? 2 : 1])
          expect(output).toEqual(Object.fromEntries(nights))
        }
        expect(await reconcile(room.client, room.keys)).toEqual({ listed: 0, vanished: 0, undecided: 0 })
      }),
      { numRuns: 30 },
    )
  })
})
