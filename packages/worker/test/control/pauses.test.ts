import { cancelWorkflow, pause, readPauses, readSummary, resume, sweepOnce, unparkJobs } from '@millrace/shared'
import { until } from '@millrace/shared/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineTask } from '../../src/index.ts'
import { eventually, job, openRoom, type Room } from '../room.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

const task = (name: string, ran: string[], attempts: number[] = []) =>
  defineTask({ name }, (_, { job, attempt }) => {
    ran.push(job.name)
    attempts.push(attempt)
    return null
  })
const parked = async () => (await readPauses(room.client, room.keys)).map((pause) => pause.parked)

describe('a paused task', () => {
  it('begins no attempt on any worker, while other tasks go on, and spends none', async () => {
    const [ran, attempts] = [[] as string[], [] as number[]]
    const tasks = [task('mail', ran, attempts), task('other', ran)]
    await pause(room.client, room.keys, 'task', 'mail')
    await Promise.all([room.start(tasks), room.start(tasks)])
    const id = await room.submit(job('a', 'mail'), job('b', 'mail'), job('c', 'other'))
    await until(async () => (await parked())[0] === 2)
    await until(() => ran.includes('c'))
    expect(ran).toEqual(['c'])
    expect(await room.job(id, 'a')).toMatchObject({ state: 'delayed', attempts: 0 })

    expect(await resume(room.client, room.keys, 'task', 'mail')).toBe(true)
    expect(await room.ended(id)).toMatchObject({ a: { state: 'succeeded' }, b: { state: 'succeeded' } })
    expect(attempts).toEqual([1, 1])
    expect(await resume(room.client, room.keys, 'task', 'mail')).toBe(false)
  })

  it('is heard of by workers that run, and lets what runs end', async () => {
    let letGo = () => {}
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const slow = defineTask({ name: 'slow' }, async (_, { progress }) => {
      await progress(0)
      await held
    })
    await room.start([slow])
    const id = await room.submit(job('a', 'slow'), job('b', 'slow', { needs: ['a'] }))
    await room.begun(id, 'a')
    expect(await pause(room.client, room.keys, 'task', 'slow')).toBe(true)
    expect(await pause(room.client, room.keys, 'task', 'slow')).toBe(false)
    letGo()
    await until(async () => (await parked())[0] === 1)
    expect(await room.job(id, 'a')).toMatchObject({ state: 'succeeded' })
    await resume(room.client, room.keys, 'task', 'slow')
    expect(await room.ended(id)).toMatchObject({ b: { state: 'succeeded' } })
  })

  it('is resumed to the end by the sweeper when who resumed it was killed before calling anything back', async () => {
    await pause(room.client, room.keys, 'task', 'mail')
    const worker = await room.start([task('mail', [])])
    await room.submit(job('a', 'mail'))
    await until(async () => (await parked())[0] === 1)
    await worker.close() // a worker would call back as well
    const { client, keys } = room
    // what the first call of a resuming does, and no more
    await client.multi().hdel(keys.pauses, 'task/mail').zadd(keys.resumes, Date.now(), 'task/mail').exec()
    const options = { client, keys, log: { warn: () => {}, error: () => {} } }
    expect(await sweepOnce(options)).toMatchObject({ resumed: 1 })
    expect(await sweepOnce(options, Date.now() + 61_000)).toMatchObject({ resumed: 0 })
    expect(await client.zcard(keys.resumes)).toBe(0)
  })

  it('that is resumed while a worker still believes in the pause loses no job', async () => {
    const ran: string[] = []
    await room.start([task('mail', ran)], { concurrency: 1 })
    for (let round = 0; round < 5; round++) {
      await pause(room.client, room.keys, 'task', 'mail')
      const id = await room.submit(...Array.from({ length: 20 }, (_, index) => job(`j${index}`, 'mail')))
      await until(async () => ((await parked())[0] ?? 0) > round)
      await resume(room.client, room.keys, 'task', 'mail')
      await room.ended(id)
    }
    expect(ran).toHaveLength(100)
  })
})

describe('a paused workflow', () => {
  it('begins nothing more, is shown as paused, and goes on when it is resumed', async () => {
    const ran: string[] = []
    const worker = await room.start([task('work', ran)])
    await worker.close()
    const [one, other] = [await room.submit(job('a', 'work')), await room.submit(job('b', 'work'))]
    await pause(room.client, room.keys, 'workflow', one)
    expect(await readSummary(room.client, room.keys, one)).toMatchObject({ paused: true })
    await room.start([task('work', ran)])
    await room.ended(other)
    await until(async () => (await parked())[0] === 1)
    expect(ran).toEqual(['b'])
    await resume(room.client, room.keys, 'workflow', one)
    await room.ended(one)
    expect(await readSummary(room.client, room.keys, one)).toMatchObject({ paused: false, state: 'succeeded' })
  })

  it('can be cancelled, and the pause is forgotten', async () => {
    await room.start([task('work', [])])
    const id = await room.submit(job('a', 'work', { delayMs: 60_000 }))
    await pause(room.client, room.keys, 'workflow', id)
    await cancelWorkflow(room.client, room.keys, id)
    expect(await room.ended(id)).toMatchObject({ a: { state: 'cancelled' } })
    await sweepOnce({ client: room.client, keys: room.keys, log: { warn: () => {}, error: () => {} } })
    expect(await readPauses(room.client, room.keys)).toEqual([])
  })

  it('that does not exist, or has ended, is refused', async () => {
    await room.start([task('work', [])])
    const id = await room.submit(job('a', 'work'))
    await room.ended(id)
    const attempt = (name: string) => pause(room.client, room.keys, 'workflow', name).catch((error) => error.code)
    expect(await attempt('nowhere')).toBe('MILLRACE_WORKFLOW_NOT_FOUND')
    expect(await attempt(id)).toBe('MILLRACE_USAGE')
  })
})

describe('an order whose message is lost', () => {
  it('is found within seconds: a cancelled handler is aborted, a pause is kept', async () => {
    const reasons: string[] = []
    const wait = defineTask({ name: 'wait', retry: 1 }, async (_, { signal, progress }) => {
      await progress(0)
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      reasons.push((signal.reason as { code: string }).code)
    })
    await room.start([wait], { lockMs: 60_000 }) // no renewal looks for it in the time of this test
    const id = await room.submit(job('a', 'wait'))
    await room.begun(id, 'a')
    // as cancelling and pausing leave it, without a message
    await room.client.hset(room.keys.workflow(id), 'state', 'cancelled')
    await room.client.hset(room.keys.pauses, 'task/wait', Date.now())
    await room.client.incr(room.keys.orders)
    await eventually(() => reasons).toEqual(['MILLRACE_CANCELLED'])
    await room.submit(job('b', 'wait'))
    await until(async () => (await parked())[0] === 1)
    expect(await unparkJobs(room.client, room.keys, 'task/wait')).toBe(1)
  })
})
