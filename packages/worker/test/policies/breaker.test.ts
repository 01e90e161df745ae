import { readLots } from '@millrace/shared'
import { until } from '@millrace/shared/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineResource, defineTask, TaskError } from '../../src/index.ts'
import { eventually, job, openRoom, type Room } from '../room.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

/** A service outside, and the task that talks to it. */
function service(options = {}) {
  const state = { down: true, calls: 0 }
  const task = defineTask({ name: 'pay', uses: ['stripe'], retry: { attempts: 2, delay: 1 }, ...options }, () => {
    state.calls++
    if (state.down) throw new Error('no answer')
    return 'paid'
  })
  return { state, task }
}

const stripe = (options = {}) => defineResource('stripe', { breaker: { failures: 2, halfOpenAfter: '1m' }, ...options })
const jobs = (count: number, task = 'pay') => Array.from({ length: count }, (_, index) => job(`j${index}`, task))
const waiting = async (lot = 'breaker/stripe') =>
  (await readLots(room.client, room.keys)).find((one) => one.lot === lot)?.jobs
const said = (msg: RegExp) => room.lines.filter((line) => msg.test(line.msg))
const field = (id: string, name: string, ...fields: string[]) =>
  room.client.hmget(room.keys.job('default', `${id}.${name}`), ...fields)

describe('an open breaker', () => {
  it('puts jobs aside: each is fetched once, visible, and spends no attempt', async () => {
    const { state, task } = service()
    await room.start([task], { resources: [stripe()], concurrency: 1 })
    const id = await room.submit(...jobs(10))
    await until(async () => (await waiting()) === 10)
    expect(state.calls).toBe(2)
    const rows = await Promise.all(jobs(10).map(({ name }) => field(id, name, 'parkings', 'atm', 'why')))
    expect(rows.map(([parkings]) => parkings)).toEqual(Array(10).fill('1'))
    expect(rows.filter(([, attempts]) => Number(attempts ?? 0) > 0).length).toBe(2)
    expect(rows[9]?.[2]).toMatch(/^the breaker of "stripe" is open, half-open in \d+ s: no answer$/)
    expect(said(/breaker is open/)[0]).toMatchObject({ level: 'warn', resource: 'stripe', why: 'no answer' })
  })

  it('lets others run', async () => {
    const { task } = service()
    const other = defineTask({ name: 'other' }, () => 'ran')
    await room.start([task, other], { resources: [stripe()] })
    await room.submit(...jobs(10))
    await until(async () => ((await waiting()) ?? 0) > 0)
    expect((await room.ended(await room.submit(job('o', 'other'))))['o']?.state).toBe('succeeded')
  })

  it('lets one probe through, closes when it succeeds, and calls all others back', async () => {
    const { state, task } = service()
    await room.start([task], { resources: [stripe({ breaker: { failures: 2, halfOpenAfter: '400ms' } })] })
    const id = await room.submit(...jobs(20))
    await until(async () => ((await waiting()) ?? 0) > 0)
    state.down = false
    const ended = await room.ended(id)
    expect(Object.values(ended).every(({ state }) => state === 'succeeded')).toBe(true)
    expect(said(/is the probe/).length).toBe(1)
    expect(said(/breaker is closed/).length).toBe(1)
  })

  it('opens again when the probe fails, for twice as long, and fetches no other job meanwhile', async () => {
    const { state, task } = service({ retry: { attempts: 9, delay: 1 } })
    await room.start([task], {
      resources: [stripe({ breaker: { failures: 2, halfOpenAfter: '100ms' } })],
      concurrency: 1,
    })
    const id = await room.submit(...jobs(10))
    await until(() => said(/breaker is open/).length >= 3)
    const openings = said(/breaker is open/).map(({ openings }) => openings)
    expect(openings.slice(0, 3)).toEqual([1, 2, 3])
    const probes = said(/is the probe/).length
    state.down = false
    await room.ended(id)
    const rows = await Promise.all(jobs(10).map(({ name }) => field(id, name, 'parkings')))
    const parkings = rows.reduce((sum, [count]) => sum + Number(count ?? 0), 0)
    expect(parkings).toBeLessThanOrEqual(10 + probes + 2)
  })

  it('costs the jobs that probe in vain no attempt', async () => {
    const { state, task } = service({ retry: { attempts: 2, delay: 1 } })
    const breaker = { failures: 1, halfOpenAfter: '10ms', maxHalfOpenAfter: '40ms' }
    await room.start([task], { resources: [stripe({ breaker })], concurrency: 1 })
    const id = await room.submit(...jobs(3))
    await until(() => said(/is the probe/).length >= 7)
    state.down = false
    const ended = await room.ended(id)
    expect(Object.values(ended).map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded'])
  })

  it('is that of the whole pool: who never saw a failure stops too, and goes on with the others', async () => {
    const { state, task } = service()
    const options = { resources: [stripe({ breaker: { failures: 2, halfOpenAfter: '300ms' } })], concurrency: 1 }
    const workers = await Promise.all(['a', 'b', 'c'].map((name) => room.start([task], { ...options, name })))
    expect(workers.length).toBe(3)
    const id = await room.submit(...jobs(30))
    await until(() => said(/breaker is open/).length >= 3)
    expect(new Set(said(/breaker is open/).map(({ worker }) => worker))).toEqual(new Set(['a', 'b', 'c']))
    expect(state.calls).toBeLessThanOrEqual(3 * 2) // each worker counts for itself
    state.down = false
    await room.ended(id)
    expect(said(/is the probe/).length).toBe(1)
    await until(() => said(/breaker is closed/).length === 3)
  })

  it('is known to a worker that comes later', async () => {
    const { task } = service()
    const first = await room.start([task], { resources: [stripe()] })
    await room.submit(...jobs(5))
    await until(async () => ((await waiting()) ?? 0) > 0)
    await first.close()
    const late = service()
    await room.start([late.task], { resources: [stripe()] })
    const id = await room.submit(job('late', 'pay'))
    await until(async () => (await field(id, 'late', 'parkings'))[0] === '1')
    expect(late.state.calls).toBe(0)
  })

  it('is probed by another attempt when the one that probed learnt nothing', async () => {
    const { state, task } = service({ input: { '~standard': { version: 1, vendor: 'test', validate } } })
    function validate(value: unknown) {
      return value === 'bad' ? { issues: [{ message: 'bad' }] } : { value }
    }
    await room.start([task], {
      resources: [stripe({ breaker: { failures: 2, halfOpenAfter: '300ms' } })],
      concurrency: 1,
    })
    const id = await room.submit(...jobs(2), job('bad', 'pay', { with: 'bad' }), job('good', 'pay'))
    await until(async () => (await waiting()) === 4)
    state.down = false
    const ended = await room.ended(id)
    expect(ended['bad']?.state).toBe('dead')
    expect(ended['good']?.state).toBe('succeeded')
  })
})

describe('a breaker', () => {
  it('does not count what is not the fault of the resource', async () => {
    const task = defineTask({ name: 'pay', uses: ['stripe'], retry: 1 }, () => {
      throw new TaskError('CARD_DECLINED', 'the bank said no', { retryable: false })
    })
    await room.start([task], { resources: [stripe()], concurrency: 1 })
    await room.ended(await room.submit(...jobs(8)))
    expect(said(/breaker is open/)).toEqual([])
  })

  it('counts attempts that take too long', async () => {
    const task = defineTask(
      { name: 'pay', uses: ['stripe'], retry: 1, timeout: 20 },
      (_, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    )
    await room.start([task], { resources: [stripe()], concurrency: 1 })
    await room.submit(...jobs(4))
    await eventually(() => said(/breaker is open/).length).toBe(1)
  })

  it('may open by the share of failures in a time', async () => {
    const task = defineTask({ name: 'pay', uses: ['stripe'], retry: 1 }, (_, { job }) => {
      if (Number(job.name.slice(1)) % 2 === 0) throw new Error('every other fails')
    })
    const breaker = { threshold: 0.3, duration: '1m', minimumRps: 0.1 } as const
    await room.start([task], { resources: [defineResource('stripe', { breaker })], concurrency: 1 })
    await room.submit(...jobs(30))
    await eventually(() => said(/breaker is open/).length).toBe(1)
  })

  it('may be that of a task, of a job, or of a resource that nobody defined', async () => {
    const own = defineTask({ name: 'own', breaker: 1, retry: 1 }, () => Promise.reject(new Error('no')))
    const plain = defineTask({ name: 'plain', retry: 1 }, () => Promise.reject(new Error('no')))
    await room.start([own, plain], { breakerFailures: 1, concurrency: 1 })
    await room.submit(
      job('a', 'own'),
      job('b', 'own'),
      job('c', 'plain', { uses: ['geoip'] }),
      job('d', 'plain', { uses: ['geoip'] }),
    )
    await until(async () => (await waiting('breaker/task/own')) === 1 && (await waiting('breaker/geoip')) === 1)
  })
})
